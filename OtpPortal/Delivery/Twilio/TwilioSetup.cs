using Microsoft.Extensions.Options;
using OtpPortal.Hosting;

namespace OtpPortal.Delivery.Twilio;

internal static class TwilioSetup
{
    /// <summary>Adds the channel, even if it is not configured. <see cref="TwilioOptions"/> decides what can be offered.</summary>
    public static IServiceCollection AddTwilio(this IServiceCollection services)
    {
        services.AddStrictOptions<TwilioOptions>(TwilioOptions.Section);
        services.AddSingleton<IValidateOptions<TwilioOptions>, TwilioOptionsValidator>();
        services.AddSingleton<TwilioChannel>();
        services.AddHttpClient(TwilioChannel.Client)

            // The outbox limits the time of an attempt, with a clock that tests can replace.
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)

            // The token must not be sent to the target of a redirect, and the response of that target would say nothing about the message.
            .UseSocketsHttpHandler((handler, _) => (handler.AllowAutoRedirect, handler.UseCookies) = (false, false))

            // The URL contains the account and a header contains the token. The outbox logs the result without either of them.
            .RemoveAllLoggers()
            .RedactLoggedHeaders(_ => true);
        return services;
    }
}
