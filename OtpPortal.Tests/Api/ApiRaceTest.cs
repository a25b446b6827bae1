using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>What must hold under any number of parallel requests, over HTTP and on the real database file.</summary>
public abstract class ApiRaceTest(ApiHost api) : IClassFixture<ApiHost>
{
    // As many as one client may have waiting for the hash of a password: more are told to come again.
    private protected const int MostHashed = OtpPortal.Accounts.PasswordHashing.MaxWaitingPerClient;

    private protected readonly ApiHost api = api;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Somebody who registered, and whose next code may be sent.</summary>
    private protected async Task<string> PersonAsync(string email)
    {
        (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        api.Portal.Wait(TimeSpan.FromMinutes(2));
        return email;
    }

    private protected Task<ApiResponse> EnterAsync(string route, string purpose, string email, string otp) =>
        api.PostAsync(route, route == "verify-email-otp" ? new { email, otp, purpose } : new { email, otp });
}
