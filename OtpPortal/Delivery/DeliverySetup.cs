using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery.Email;
using OtpPortal.Delivery.Twilio;
using OtpPortal.Hosting;

namespace OtpPortal.Delivery;

internal static class DeliverySetup
{
    /// <summary>Adds delivery by SMTP, or to the inbox in Development without a mail server.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddStrictOptions<EmailOptions>(EmailOptions.Section);
        services.AddSingleton<IValidateOptions<EmailOptions>, EmailOptionsValidator>();
        services.AddSingleton<Outbox>().AddSingleton<OutboxSignal>().AddSingleton<MailRenderer>().AddSingleton<OutboxStore>()
            .AddSingleton<Courier>().AddSingleton<DeliveryPass>();
        services.AddSingleton<DevInbox>().AddSingleton<SmtpTransport>();
        services.AddSingleton<IMailTransport>(provider => Captures(provider)
            ? provider.GetRequiredService<DevInbox>()
            : provider.GetRequiredService<SmtpTransport>());
        services.AddSingleton<IPurge, OutboxPurge>();
        services.AddTwilio();
        services.AddStrictOptions<PortalOptions>(PortalOptions.Section);
        services.AddSingleton<IValidateOptions<PortalOptions>, PortalOptionsValidator>();
        services.AddSingleton<Channels>();
        services.AddSingleton<ITextTransport>(provider => provider.GetRequiredService<Channels>().TextsAreCaptured
            ? provider.GetRequiredService<DevInbox>()
            : provider.GetRequiredService<TwilioChannel>());
        services.AddSingleton<IMailProbe, SmtpProbe>().AddSingleton<ITextProbe, TwilioProbe>().AddSingleton<ChannelHealth>()
            .AddSingleton<ChannelProbeWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ChannelProbeWorker>());
        services.AddHostedService<DeliveryWorker>();
        services.AddSingleton<OutboxMonitor>().AddSingleton<OutboxMetrics>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxMetrics>());

        // The status is never worse than degraded, because no other node can deliver mail while the server is away.
        services.AddHealthChecks()
            .AddCheck<DeliveryHealth>("delivery", Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Degraded);
        return services;
    }

    // The validator allows only Development to start without a mail server.
    private static bool Captures(IServiceProvider services) =>
        string.IsNullOrWhiteSpace(services.GetRequiredService<IOptions<EmailOptions>>().Value.Smtp.Host);
}
