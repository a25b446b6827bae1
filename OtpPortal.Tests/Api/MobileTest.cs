using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>A portal that sends texts, and a registration that names a mobile number.</summary>
public abstract class MobileTest : IAsyncLifetime
{
    private protected const string Email = "ann@example.com";
    private protected const string Mobile = "+447700900123";

    private protected ApiHost api = null!;

    public async ValueTask InitializeAsync()
    {
        api = await ApiHost.StartAsync(("Twilio:From", "+15005550006"), ("Twilio:Countries", "GB"));
        (await api.PostAsync("register", new { email = Email, password = ApiHost.Password, mobile = "+44 7700 900123" })).Is(
            HttpStatusCode.Accepted);
    }

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<string> TokenAsync(string email = Email) => (await api.LoginAsync(email)).Of("token");
}
