namespace OtpPortal.E2E.Support;

/// <summary>
/// One portal in Production for all tests of a class that need no settings of their own. Each of them uses addresses that no other uses.
/// </summary>
public sealed class SharedPortal : IAsyncLifetime
{
    internal PublishedPortal Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Portal = await PublishedPortal.StartAsync();

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}

/// <summary>
/// One portal in Development for all tests of a class that need no settings of their own. Each of them uses addresses that no other uses.
/// </summary>
public sealed class SharedServer : IAsyncLifetime
{
    private int people;

    public PortalServer Server { get; private set; } = null!;

    /// <summary>An address that no other test has.</summary>
    public string NewEmail() => FormattableString.Invariant($"ann{Interlocked.Increment(ref people)}@example.com");

    public async ValueTask InitializeAsync() => Server = await PortalServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>
/// One portal with an administrator for all tests of a class that need no settings of their own. Five wrong passwords lock an account, and
/// codes of a registration follow each other at once.
/// </summary>
public sealed class SharedAdministration(BrowserFixture browsers) : IAsyncLifetime
{
    private int people;

    public PortalServer Server { get; private set; } = null!;

    /// <summary>An address that no other test has.</summary>
    public string NewEmail() => FormattableString.Invariant($"ann{Interlocked.Increment(ref people)}@example.com");

    /// <summary>The administrator in a browser of their own.</summary>
    public async Task<Person> AdministratorAsync(BrowserCapabilities with = BrowserCapabilities.Everything, string? zone = null)
    {
        var admin = await Person.AtAsync(Server, browsers, with, zone: zone);
        await admin.SignInAsync(AdminTour.Administrator);
        return admin;
    }

    public async ValueTask InitializeAsync()
    {
        Server = await PortalServer.StartAsync(("Admin__Emails", AdminTour.Administrator), ("Otp__FailureBudget", "5"),
            ("Otp__Register__Cooldown", "00:00:00"));
        await using var admin = await Person.AtAsync(Server, browsers);
        await admin.JoinAsync(AdminTour.Administrator);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
