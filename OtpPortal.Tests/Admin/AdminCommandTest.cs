using OtpPortal.Commands;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary><c>admin grant</c>, <c>revoke</c> and <c>list</c>, as a process of its own beside a portal that runs.</summary>
public abstract class AdminCommandTest : IAsyncLifetime
{
    private protected const string Admin = AdminHost.Administrator;
    private protected const string Ann = "ann@example.com";

    private protected readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-admin-");
    private protected AdminHost host = null!;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await AdminHost.StartAsync();
        await host.Api.VerifiedAsync(Ann);
        host.Portal.Wait(TimeSpan.FromMilliseconds(1));
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>In this process, with the configuration of the portal that runs.</summary>
    private protected async Task<(int Code, string Said)> SayAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        return (await AdminCommand.RunAsync(host.Portal.Services, arguments, output), output.ToString());
    }

    private protected Task<(int Code, string Said)> RunAsync(params string[] arguments) =>
        RunAsync(host.Portal.DatabasePath, "Development", arguments);

    private protected static Task<(int Code, string Said)> RunAsync(string database, string environment, string[] arguments) =>
        PortalCommand.RunAsync(
            environment, [AdminCommand.Command, .. arguments, "--ConnectionStrings:Portal", $"Data Source={database}"]);
}
