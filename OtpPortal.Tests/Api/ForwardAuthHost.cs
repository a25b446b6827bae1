using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>A portal in front of two applications.</summary>
public sealed class ForwardAuthHost() : ApiFixture(("Portal:Address", "https://portal.example.com"),
    ("ForwardAuth:AllowedHosts", "app.example.com, wiki.example.com:8443"), ("ForwardAuth:CookieDomain", "example.com"))
{
    /// <summary>Somebody who has an account.</summary>
    public const string Ann = "ann@example.com";

    public TestClock Clock => Api.Portal.Clock!;

    /// <summary>The session of somebody signed in, as a browser sends it.</summary>
    public async Task<string> CookieAsync(string email)
    {
        var session = await Api.Portal.SignInAsync(email);
        return $"{session.Name}={session.Value}";
    }

    protected override Task PrepareAsync() => Api.VerifiedAsync(Ann);
}
