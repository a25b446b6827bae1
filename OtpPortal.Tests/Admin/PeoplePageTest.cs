using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>A portal with one person, and the browser of its administrator, which has no JavaScript.</summary>
public abstract class PeoplePageTest : IAsyncLifetime
{
    private protected const string Ann = "ann@example.com";
    private protected const string Bob = "bob@example.com";

    private protected AdminHost host = null!;
    private protected PageBrowser admin = null!;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await AdminHost.StartAsync();
        admin = await host.BrowserAsync(AdminHost.Administrator);
        await host.Api.VerifiedAsync(Ann);
        host.Portal.Wait(TimeSpan.FromMilliseconds(1));
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<string> FollowAsync(PageResponse answer)
    {
        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        return (await admin.GetAsync(answer.GoesTo!)).Text;
    }
}
