using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Admin;
using OtpPortal.Data;

namespace OtpPortal.Tests.Support;

/// <summary>A portal that listens on a port of this machine, with an administrator, and browsers that sign in by its forms.</summary>
public sealed class AdminHost : IAsyncDisposable
{
    public const string Administrator = "admin@example.com";

    private AdminHost(ApiHost api) => Api = api;

    public ApiHost Api { get; }

    public PortalHost Portal => Api.Portal;

    public People People => Portal.Services.GetRequiredService<People>();

    public PeopleActions Actions => Portal.Services.GetRequiredService<PeopleActions>();

    public Administrators Administrators => Portal.Services.GetRequiredService<Administrators>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts it.</summary>
    public static async Task<AdminHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new AdminHost(await ApiHost.StartAsync([("Admin:Emails", Administrator), .. settings]));
        await host.Api.VerifiedAsync(Administrator);

        // With the sign-in comes the role.
        await host.Api.LoginAsync(Administrator);
        return host;
    }

    /// <summary>Registers somebody who does not enter the code.</summary>
    public async Task RegisteredAsync(string email) =>
        (await Api.PostAsync("register", new { email, password = ApiHost.Password, firstName = "Bob", lastName = "Okafor" })).Is(
            HttpStatusCode.Accepted);

    public Task<PortalUser?> AccountAsync(string email) =>
        Portal.ReadAsync(db => db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedEmail == email, Cancel));

    public async Task<string> IdAsync(string email) =>
        (await AccountAsync(email))?.Id ?? throw new InvalidOperationException($"{email} has no account.");

    /// <summary>What was noted of an address, oldest first.</summary>
    public Task<List<ActivityEvent>> NotedAsync(string email) =>
        Portal.ReadAsync(db => db.Activity.AsNoTracking().Where(noted => noted.Address == email).OrderBy(noted => noted.Id)
            .ToListAsync(Cancel));

    /// <summary>Spends the failure budget of an address: of a purpose's codes, or of passwords.</summary>
    public Task LockAsync(string address, string? purpose)
    {
        var at = Portal.Clock!.GetUtcNow().ToUnixTimeMilliseconds();
        return Portal.Lane.RunAsync(
            db => purpose is null
                ? db.QueryAsync("INSERT INTO PasswordFailures (Email, Failures, LastFailureAt) VALUES (@email, 100, @at) RETURNING Email",
                    row => row.GetString(0), ("email", address), ("at", at))
                : db.QueryAsync(
                    "UPDATE OtpCodes SET Failures = 100, LastFailureAt = @at, PurgeAfter = @at + 86400000 WHERE Email = @email AND "
                        + "Purpose = @purpose RETURNING Email", row => row.GetString(0), ("email", address), ("at", at),
                            ("purpose", purpose)),
            Cancel);
    }

    /// <summary>A browser of somebody who signed in; of a stranger, if nobody is named.</summary>
    public async Task<PageBrowser> BrowserAsync(string? email)
    {
        var browser = new PageBrowser(Portal);
        if (email is not null)
        {
            await browser.SignInAsync(email);
        }

        return browser;
    }

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
