using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery.Email;
using OtpPortal.Delivery.Twilio;

namespace OtpPortal.Delivery;

/// <summary>The outbox and what empties it.</summary>
public static class DeliverySetup
{
    /// <summary>Adds delivery: by SMTP, or in Development without a mail server into the inbox.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddStrictOptions<EmailOptions>(EmailOptions.Section);
        services.AddSingleton<IValidateOptions<EmailOptions>, EmailOptionsValidator>();
        services.AddSingleton<Outbox>().AddSingleton<OutboxSignal>().AddSingleton<MailRenderer>().AddSingleton<OutboxStore>().AddSingleton<Mimicry>().AddSingleton<Courier>().AddSingleton<DeliveryPass>();
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
        services.AddHostedService<DeliveryWorker>();
        return services;
    }

    // The validator lets only Development start without a mail server.
    private static bool Captures(IServiceProvider services) =>
        string.IsNullOrWhiteSpace(services.GetRequiredService<IOptions<EmailOptions>>().Value.Smtp.Host);
}
