using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>A portal in which somebody has an account, and everybody who might look at it has a session.</summary>
public sealed class AdminAccessHost() : ApiFixture(("Admin:Emails", "admin@example.com, former@example.com, ended@example.com"))
{
    public const string Somebody = "somebody@secret.example";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string SomebodysId { get; private set; } = "";

    public string AdminToken { get; private set; } = "";

    public string OrdinaryToken { get; private set; } = "";

    public string FormerToken { get; private set; } = "";

    public HttpClient Former { get; private set; } = null!;

    public HttpClient Ended { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        foreach (var person in new[] { "admin@example.com", "former@example.com", "ended@example.com", "ordinary@example.com",
            Somebody })
        {
            await Api.VerifiedAsync(person);
        }

        AdminToken = (await Api.LoginAsync("admin@example.com")).Of("token");
        FormerToken = (await Api.LoginAsync("former@example.com")).Of("token");
        OrdinaryToken = (await Api.LoginAsync("ordinary@example.com")).Of("token");
        await Api.LoginAsync("ended@example.com");
        SomebodysId = await Api.Portal.ReadAsync(db => db.Users.Where(user => user.NormalizedEmail == Somebody).Select(user => user.Id)
            .SingleAsync());
        Former = await Api.Portal.BrowserOfAsync("former@example.com");
        Ended = await Api.Portal.BrowserOfAsync("ended@example.com");
        await Api.Portal.Lane.RunAsync(
            async db =>
            {
                await db.Users.Where(user => user.NormalizedEmail == "former@example.com")
                    .ExecuteUpdateAsync(row => row.SetProperty(user => user.IsAdmin, false));
                await db.Sessions.Where(
                    session => db.Users.Any(user => user.Id == session.UserId && user.NormalizedEmail == "ended@example.com"))
                        .ExecuteDeleteAsync();
            },
            CancellationToken.None);
    }

    /// <summary>A client that follows no redirect.</summary>
    public HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = Api.Portal.ClientOptions.BaseAddress,
        };

    public HttpClient Bearer(string token)
    {
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Nothing that was asked for was done.</summary>
    public async Task AssertUntouchedAsync() => Assert.True(
        await Api.Portal.ReadAsync(
            db => db.Users.AnyAsync(user => user.Id == SomebodysId && user.EmailConfirmed && user.PasswordHash != null, Cancel)));
}
