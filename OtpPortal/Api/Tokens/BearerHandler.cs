using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OtpPortal.Accounts;
using OtpPortal.Data;

namespace OtpPortal.Api.Tokens;

/// <summary>Authenticates requests with an access token (RFC 6750).</summary>
internal sealed class BearerHandler(
    AccessTokens tokens, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the scheme, also in the header.</summary>
    public const string Name = "Bearer";

    private const string Prefix = $"{Name} ";

    /// <summary>The account of the request's token.</summary>
    /// <exception cref="InvalidOperationException">The route does not require a token.</exception>
    public static PortalUser UserOf(HttpContext context) => TokenIn(context).User;

    /// <summary>The request's token.</summary>
    /// <inheritdoc cref="UserOf"/>
    public static ValidatedToken TokenIn(HttpContext context) => context.Items[typeof(BearerHandler)] as ValidatedToken
        ?? throw new InvalidOperationException("No token was validated.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } value] || !value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        // RFC 6750 §2.1: scheme and token are separated by spaces, and nothing else surrounds them.
        if (await tokens.ReadAsync(value[Prefix.Length..].TrimStart(' '), Context.RequestAborted) is not { User: var user } validated)
        {
            return AuthenticateResult.Fail("The token is not valid.");
        }

        Context.Items[typeof(BearerHandler)] = validated;
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, user.Id), new Claim(ClaimTypes.Name, user.UserName!),
                new Claim(ClaimTypes.Email, user.Email!)], Name);
        identity.AddClaims(PortalClaims.RolesOf(user).Select(role => new Claim(ClaimTypes.Role, role)));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        Problems.NotSignedIn(Request.Headers.Authorization.Count > 0).ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.NotAllowed().ExecuteAsync(Context);
}
