using Microsoft.Extensions.Configuration;
using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>One field broken at a time: the message names the key, the value, and what is allowed.</summary>
public sealed class EmailOptionsTests
{
    private static readonly (string Key, string Value) Host = ("Smtp:Host", "mail.example.com");

    private static readonly (string Key, string Value) From = ("From", "Portal <no-reply@example.com>");

    [Fact]
    public void Production_needs_a_mail_server_and_a_sender_and_names_both_at_once()
    {
        var faults = Faults("Production");

        Assert.Equal(2, faults.Count);
        Assert.StartsWith("Email:Smtp:Host is not set. Allowed:", faults[0], StringComparison.Ordinal);
        Assert.StartsWith("Email:From is not set. Allowed:", faults[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("production")]
    public void Only_Development_captures_its_mail(string environment)
    {
        Assert.Single(Faults(environment, From, ("Smtp:Host", " ")));
        Assert.Single(Faults(environment, Host, ("From", "")));
        Assert.Empty(Faults(environment, Host, From));
    }

    [Fact]
    public void Development_needs_no_mail_settings() => Assert.Empty(Faults("Development"));

    [Theory]
    [InlineData("From", "no address", "Email:From is \"no address\".")]
    [InlineData("From", "Portal <no-reply@", "Email:From is \"Portal <no-reply@\".")]
    [InlineData("Smtp:Port", "0", "Email:Smtp:Port is 0. Allowed: 1 to 65535")]
    [InlineData("Smtp:Port", "65536", "Email:Smtp:Port is 65536. Allowed: 1 to 65535")]
    [InlineData("Smtp:Security", "9", "Email:Smtp:Security is 9. Allowed: Auto, None, StartTls, Tls.")]
    [InlineData("Smtp:UserName", "ann", "Email:Smtp:UserName and Email:Smtp:Password belong together")]
    [InlineData("Smtp:Password", "hunter2", "Email:Smtp:UserName and Email:Smtp:Password belong together")]
    public void A_wrong_mail_setting_is_named_in_every_environment(string key, string value, string fault)
    {
        Assert.StartsWith(fault, Assert.Single(Faults("Development", (key, value))), StringComparison.Ordinal);
        Assert.StartsWith(fault, Assert.Single(Faults("Production", Host, From, (key, value))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_password_of_the_mail_server_is_not_repeated() =>
        Assert.DoesNotContain("hunter2", Assert.Single(Faults("Development", ("Smtp:Password", "hunter2"))), StringComparison.Ordinal);

    private static List<string> Faults(string environment, params (string Key, string Value)[] settings)
    {
        var options = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.AsEnumerable().Reverse().DistinctBy(setting => setting.Key)
            .Select(setting => KeyValuePair.Create($"Email:{setting.Key}", (string?)setting.Value)))
            .Build().GetSection(EmailOptions.Section).Get<EmailOptions>() ?? new EmailOptions();
        return [.. new EmailOptionsValidator(new NamedEnvironment(environment)).Validate(null, options).Failures ?? []];
    }
}
