using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery.Email;
using OtpPortal.Delivery.Twilio;
using OtpPortal.Hosting;

namespace OtpPortal.Delivery;

/// <summary>The outbox and what empties it.</summary>
public static class DeliverySetup
{
    /// <summary>Adds delivery: by SMTP, or in Development without a mail server into the inbox.</summary>
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

        // Never worse than degraded: no other node cures a mail server that is away.
        services.AddHealthChecks()
            .AddCheck<DeliveryHealth>("delivery", Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Degraded);
        return services;
    }

    // The validator lets only Development start without a mail server.
    private static bool Captures(IServiceProvider services) =>
        string.IsNullOrWhiteSpace(services.GetRequiredService<IOptions<EmailOptions>>().Value.Smtp.Host);
}
