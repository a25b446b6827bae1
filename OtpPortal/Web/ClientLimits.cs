using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>
/// How often one client address may ask for codes, and try codes and passwords. It slows down who tries many addresses, where the
/// rules of one address do not help.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="refusals">Is told of every refusal; null for nobody.</param>
public sealed class ClientLimits(IOptions<RateLimitOptions> options, EdgeRefusals? refusals = null) : IDisposable
{
    private readonly PartitionedRateLimiter<string> sends = PerMinute(options.Value, options.Value.SendsPerMinute);
    private readonly PartitionedRateLimiter<string> verifications = PerMinute(options.Value, options.Value.VerificationsPerMinute);

    /// <summary>Counts a request for a code.</summary>
    /// <returns>Null if it is within the limit, otherwise how long to wait.</returns>
    public TimeSpan? CountSend(HttpContext context) => Count(sends, context);

    /// <summary>Counts a try of a code or a password.</summary>
    /// <inheritdoc cref="CountSend"/>
    public TimeSpan? CountVerification(HttpContext context) => Count(verifications, context);

    public void Dispose()
    {
        sends.Dispose();
        verifications.Dispose();
    }

    /// <summary>What counts as one client: an IPv4 address, or the /64 that an IPv6 client moves in at will (RFC 4291 §2.5.4).</summary>
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
