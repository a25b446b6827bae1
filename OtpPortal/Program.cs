using OtpPortal;
using OtpPortal.Accounts;
using OtpPortal.Activity;
using OtpPortal.Admin;
using OtpPortal.Api;
using OtpPortal.Api.OpenApi;
using OtpPortal.Commands;
using OtpPortal.Components;
using OtpPortal.Components.Admin;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.ForwardAuth;
using OtpPortal.Hosting;
using OtpPortal.Otp;
using OtpPortal.Web;

try
{
    if (args is [MakeExampleCommand.Command, var path])
    {
        Console.WriteLine($"Made {await MakeExampleCommand.MakeAsync(path)}");
        return 0;
    }

    var builder = WebApplication.CreateBuilder(CommandLine.Settings(args));
    var file = new DatabaseFile(
        builder.Configuration.GetConnectionString("Portal") ?? "Data Source=app.db", builder.Environment.ContentRootPath);

    builder.AddTelemetry();
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddData(file);
    builder.Services.AddActivity();
    builder.Services.AddDelivery();
    builder.Services.AddOtp();
    builder.Services.AddAccounts();
    builder.Services.AddAdmin();
    builder.Services.AddWeb();
    builder.Services.AddApi();
    builder.Services.AddForwardAuth();
    builder.Services.AddRazorComponents().AddInteractiveServerComponents();

    await using var app = builder.Build();
    if (CommandLine.Find(app.Services, args) is { } command)
    {
        return await command();
    }

    await app.PrepareAsync();

    app.UseRequestContext();
    app.UseErrorPages();
    app.UseLiveGuard();
    app.UseApiMiddleware();
    app.UseWhen(context => !ApiMiddleware.IsApi(context), pages => pages.UseFormGuards());
    app.UseAuthentication();
    app.UseAuthorization();
    app.UseAntiforgery();
    app.UseTokenGuard();

    app.MapStaticAssets();
    app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    app.MapApi();
    app.MapForwardAuth();
    app.MapDescription();
    app.MapActivityExport();
    app.MapDevPages();
    await app.RunAsync();
    return 0;
}
catch (Exception failure) when (StartupErrors.Describe(failure) is { } words)
{
    await Console.Error.WriteLineAsync(words);
    return 1;
}

/// <summary>The class is public so that tests can start the program.</summary>
public partial class Program;
