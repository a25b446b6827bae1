using Microsoft.Extensions.Options;
using OtpPortal.Hosting;

namespace OtpPortal.Delivery.Twilio;

/// <summary>SMS and WhatsApp.</summary>
public static class TwilioSetup
{
    /// <summary>Adds the channel. It is there even if it is not configured; <see cref="TwilioOptions"/> says what can be offered.</summary>
    public static IServiceCollection AddTwilio(this IServiceCollection services)
    {
        services.AddStrictOptions<TwilioOptions>(TwilioOptions.Section);
        services.AddSingleton<IValidateOptions<TwilioOptions>, TwilioOptionsValidator>();
        services.AddSingleton<TwilioChannel>();
        services.AddHttpClient(TwilioChannel.Client)

            // The outbox limits a try, by the clock that tests own.
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)

            // The token must not follow a redirect, and the answer to what a redirect made of the message says nothing about it.
            .UseSocketsHttpHandler((handler, _) => (handler.AllowAutoRedirect, handler.UseCookies) = (false, false))

            // The account in the address, the token in the head: what came of it is logged by the outbox, which needs neither.
            .RemoveAllLoggers()
            .RedactLoggedHeaders(_ => true);
        return services;
    }
}
