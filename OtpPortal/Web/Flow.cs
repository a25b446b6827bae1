using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using System.Text.Json.Serialization;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Delivery;

namespace OtpPortal.Web;

/// <summary>What a browser is in the middle of: whose code it waits for, and where it goes afterwards.</summary>
/// <param name="Address">The normalised email address or mobile number to which the code was sent.</param>
/// <param name="Use">What the code is for.</param>
[method: JsonConstructor]
public sealed record Flow(string Address, CodeUse Use)
{
    public Flow(Identifier identifier, CodeUse use)
        : this(identifier.Value, use)
    {
    }

    [JsonIgnore]
    public Identifier Identifier => Identifier.FromStored(Address);

    /// <summary>How the code travels: one of <see cref="Channels"/>.</summary>
    public string Channel { get; init; } = Channels.Email;

    /// <summary>The account whose mobile number is being verified; null for other uses.</summary>
    public string? AccountId { get; init; }

    /// <summary>A local path, where the person was going before signing in.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>Proves that the right password was given before; see <c>SignInOutcome.CodeRequired</c>.</summary>
    public string? LoginToken { get; init; }

    /// <summary>The right to set a new password, once the code was right.</summary>
    public string? ResetTicket { get; init; }

    /// <summary>Without address, token and ticket.</summary>
    public override string ToString() => $"flow {Use}";
}

/// <summary>
/// Keeps a <see cref="Flow"/> with the browser, protected: in a cookie, so that every page knows it, and in the form itself, so that of
/// two windows each goes on with its own.
/// </summary>
public sealed class Flows(IDataProtectionProvider protection)
{
    // Nobody but this portal reads it, and a "&" in a return address is not to be six characters of the 4096 that a cookie may have (RFC
    // 6265 §6.1).
    private static readonly JsonSerializerOptions Short = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ITimeLimitedDataProtector protector =
        protection.CreateProtector("OtpPortal.Flow").ToTimeLimitedDataProtector();

    /// <summary>Makes <paramref name="flow"/> what the browser is in the middle of.</summary>
    public void Begin(HttpContext context, Flow flow)
    {
        var cookies = PortalCookies.Of(context);
        context.Response.Cookies.Append(cookies.Flow, Protect(flow), cookies.Private(context));
    }

    /// <summary>What the browser is in the middle of, or null.</summary>
    public Flow? Read(HttpContext context) => Unprotect(context.Request.Cookies[PortalCookies.Of(context).Flow]);

    /// <summary>The browser is done.</summary>
    public void End(HttpContext context)
    {
        var cookies = PortalCookies.Of(context);
        context.Response.Cookies.Delete(cookies.Flow, cookies.Private(context));
    }

    /// <summary>The flow in a form that only this portal can read, good for a day.</summary>
    public string Protect(Flow flow) => protector.Protect(JsonSerializer.Serialize(flow, Short), TimeSpan.FromDays(1));

    /// <summary>Reads <see cref="Protect"/>; null if it is nothing of ours, or older than a day.</summary>
    public Flow? Unprotect(string? text)
    {
        try
        {
            // A flow without an address was begun by an earlier version of the portal.
            return !string.IsNullOrEmpty(text) && JsonSerializer.Deserialize<Flow>(protector.Unprotect(text)) is { Address: not null } flow
                ? flow
                : null;
        }
        catch (Exception failure) when (failure is CryptographicException or JsonException or FormatException)
        {
            return null;
        }
    }
}
