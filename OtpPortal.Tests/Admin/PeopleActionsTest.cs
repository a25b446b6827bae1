using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>A portal, its administrator, and two addresses to act on.</summary>
public abstract class PeopleActionsTest : IAsyncLifetime
{
    private protected const string Ann = "ann@example.com";
    private protected const string Bob = "bob@example.com";

    private protected AdminHost host = null!;
    private protected string admin = "";

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected PortalHost Portal => host.Portal;

    public async ValueTask InitializeAsync()
    {
        host = await AdminHost.StartAsync();
        admin = await host.IdAsync(AdminHost.Administrator);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static (ActivityEventKind Kind, string Detail) Last(List<ActivityEvent> log, ActivityEventKind? kind = null)
    {
        var last = log.Last(noted => kind is null || noted.Kind == kind);
        return (last.Kind, last.Detail);
    }

    private protected async Task PurgeAsync()
    {
        foreach (var purge in Portal.Services.GetServices<IPurge>())
        {
            await purge.RunAsync(Cancel);
        }
    }

    private protected async Task<IEnumerable<string?>> LocksAsync() =>
        (await host.People.FindAsync(await host.IdAsync(Ann), Cancel))!.Locks.Select(locked => locked.Purpose);
}
