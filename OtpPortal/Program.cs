using OtpPortal;
using OtpPortal.Accounts;
using OtpPortal.Admin;
using OtpPortal.Api;
using OtpPortal.Api.Description;
using OtpPortal.Components;
using OtpPortal.Components.Admin;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;
using OtpPortal.Web;

try
{
    if (args is [ExampleDatabase.Command, var path])
    {
        Console.WriteLine($"Made {await ExampleDatabase.MakeAsync(path)}");
        return 0;
    }

    var builder = WebApplication.CreateBuilder(Commands.Settings(args));
    var file = new DatabaseFile(
        builder.Configuration.GetConnectionString("Portal") ?? "Data Source=app.db", builder.Environment.ContentRootPath);

    builder.AddTelemetry();
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddData(file);
    builder.Services.AddDelivery();
    builder.Services.AddOtp();
    builder.Services.AddAccounts();
    builder.Services.AddAdmin();
    builder.Services.AddWeb();
    builder.Services.AddApi();
    builder.Services.AddRazorComponents().AddInteractiveServerComponents();

    await using var app = builder.Build();
    if (Commands.Find(app.Services, args) is { } command)
    {
        return await command();
    }

    await app.PrepareAsync();

    app.UseRequestOrigin();
    app.UseErrorPages();
    app.UseLiveGuard();
    app.UseApiEdge();
    app.UseWhen(context => !ApiEdge.IsApi(context), pages => pages.UseFormGuards());
    app.UseAuthentication();
    app.UseAuthorization();
    app.UseAntiforgery();
    app.UseTokenGuard();

    app.MapStaticAssets();
    app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    app.MapApi();
    app.MapDescription();
    app.MapActivityExport();
    app.MapDevPages();
    await app.RunAsync();
    return 0;
}
catch (Exception failure) when (Start.InWords(failure) is { } words)
{
    await Console.Error.WriteLineAsync(words);
    return 1;
}

/// <summary>The program. Tests start it.</summary>
public partial class Program;
