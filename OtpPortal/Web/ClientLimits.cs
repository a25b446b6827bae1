using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>
/// Limits how often one client address may request codes, and try codes and passwords. This slows down a client that tries many accounts,
/// which the limits of one account do not.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="refusals">Counts every refusal; null in tests.</param>
internal sealed class ClientLimits(IOptions<RateLimitOptions> options, EdgeRefusals? refusals = null) : IDisposable
{
    private readonly PartitionedRateLimiter<string> sends = PerMinute(options.Value, options.Value.SendsPerMinute);
    private readonly PartitionedRateLimiter<string> verifications = PerMinute(options.Value, options.Value.VerificationsPerMinute);

    /// <summary>Counts a request for a code.</summary>
    /// <returns>Null if it is within the limit, otherwise how long to wait.</returns>
    public TimeSpan? CountSend(HttpContext context) => Count(sends, context);

    /// <summary>Counts an attempt with a code or a password.</summary>
    /// <inheritdoc cref="CountSend"/>
    public TimeSpan? CountVerification(HttpContext context) => Count(verifications, context);

    public void Dispose()
    {
        sends.Dispose();
        verifications.Dispose();
    }

    /// <summary>
    /// The key of one client: an IPv4 address, or the /64 of an IPv6 client, which chooses its address within it (RFC 4291 §2.5.4).
    /// </summary>
    internal static string ClientOf(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private TimeSpan? Count(PartitionedRateLimiter<string> limiter, HttpContext context)
    {
        using var lease = limiter.AttemptAcquire(ClientOf(context.Connection.RemoteIpAddress));
        if (lease.IsAcquired)
        {
            return null;
        }

        refusals?.Count(context, EdgeRefusal.ClientLimit);
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
    }

    private static PartitionedRateLimiter<string> PerMinute(RateLimitOptions options, int permits) =>
        PartitionedRateLimiter.Create<string, string>(client => options.Enabled
            ? RateLimitPartition.GetFixedWindowLimiter(client, _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = permits,
                Window = TimeSpan.FromMinutes(1),
            })
            : RateLimitPartition.GetNoLimiter(client));
}
