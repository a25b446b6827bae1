namespace OtpPortal.E2E.Support;

/// <summary>An application behind nginx and the portal on sub-domains of one domain, for all tests of a class.</summary>
public sealed class SharedApplicationSite : IAsyncLifetime
{
    private ApplicationSite? site;

    /// <summary>The site. The test is skipped where there is no nginx.</summary>
    public ApplicationSite Site
    {
        get
        {
            Assert.SkipUnless(Nginx.Program is not null, Nginx.Missing);
            return site!;
        }
    }

    public async ValueTask InitializeAsync() =>
        site = Nginx.Program is null
            ? null
            : await ApplicationSite.StartAsync(settings: 0, Documents.Blocks("forward-auth.md", "nginx")[0]);

    public ValueTask DisposeAsync() => site?.DisposeAsync() ?? ValueTask.CompletedTask;
}
