using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>The routes that take a code, and people to whom one is sent.</summary>
public abstract class VerifyCodeTest(ApiHost api) : IClassFixture<ApiHost>
{
    private protected readonly ApiHost api = api;

    /// <summary>The routes that take a code, with the purpose of that code.</summary>
    public static TheoryData<string, string> Routes => new()
    {
        { "verify-email-otp", "register" },
        { "verify-email-otp", "login" },
        { "verify-email-otp", "forgot_password" },
        { "login", "login" },
        { "forgot-password/verify-otp", "forgot_password" },
    };

    /// <summary>Somebody to whom a code of the purpose is sent: for <c>register</c> the account waits for it.</summary>
    private protected async Task<string> PersonAsync(string name, string route, string purpose)
    {
        var email = $"{name}-{purpose}-{route.Replace('/', '.')}@example.com";
        (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        api.Portal.Wait(TimeSpan.FromMinutes(6));
        return email;
    }

    private protected Task<ApiResponse> EnterAsync(string route, string purpose, string? email, string otp) =>
        api.PostAsync(route, Body(route, purpose, email, otp));

    private protected static Dictionary<string, string?> Body(
        string route, string purpose, string? email, string otp, string? verifier = null)
    {
        var body = new Dictionary<string, string?> { ["email"] = email, ["otp"] = otp };
        if (verifier is not null)
        {
            body["codeVerifier"] = verifier;
        }

        if (route == "verify-email-otp")
        {
            body["purpose"] = purpose;
        }

        return body;
    }
}
