using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Admin;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>Codes of pending registrations that administrators resend, and when it is refused.</summary>
public sealed class ResentCodeTests : PeopleActionsTest
{
    [Fact]
    public async Task A_code_resent_by_an_administrator_completes_the_registration_in_the_registrants_browser()
    {
        var registration = Portal.Services.GetRequiredService<Registration>();
        Assert.IsType<RegisterOutcome.CodeSent>(
            await registration.RegisterAsync(
                new RegistrationForm(Bob, ApiHost.Password) { FirstName = "Bob", LastName = "Okafor" }, OtpSteps.Browser, Cancel));
        var first = await Portal.CodeForAsync(Bob);
        Portal.Wait(TimeSpan.FromMinutes(3));

        Assert.Equal(
            PersonOutcome.Done, await host.Actions.ResendAsync(EmailAddress.FromStored(Bob), OtpSteps.Browser.Challenge, admin, Cancel));

        var code = await Portal.CodeForAsync(Bob);
        Assert.NotEqual(first, code);
        Assert.Contains(
            "from the portal's administration", Portal.Inbox.First(message => message.To == Bob).Text, StringComparison.Ordinal);
        Assert.Equal((ActivityEventKind.Sent, AdminHost.Administrator), Last(await host.NotedAsync(Bob), ActivityEventKind.Sent));
        Assert.IsType<CodeEntryOutcome.Refused>(await VerifyAsync(code, OtpSteps.OtherBrowser));
        var bob = Assert.IsType<CodeEntryOutcome.Accepted>(
            await VerifyAsync(code, OtpSteps.Browser)).User;
        Assert.Equal(("Bob", true, true), (bob.FirstName, bob.PasswordHash is not null, bob.EmailConfirmed));
    }

    [Fact]
    public async Task A_code_resent_by_an_administrator_for_a_program_without_a_binding_has_none()
    {
        await host.RegisteredAsync(Bob);
        Portal.Wait(TimeSpan.FromMinutes(2));

        Assert.Equal(PersonOutcome.Done, await host.Actions.ResendAsync(EmailAddress.FromStored(Bob), "", admin, Cancel));

        (await host.Api.PostAsync("verify-email-otp", new { email = Bob, otp = await Portal.CodeForAsync(Bob) })).Is(HttpStatusCode.OK);
        await host.Api.LoginAsync(Bob);
    }

    [Fact]
    public async Task The_rules_for_codes_hold_for_codes_resent_by_administrators()
    {
        await host.RegisteredAsync(Bob);

        Assert.Equal(PersonOutcome.Refused, await host.Actions.ResendAsync(EmailAddress.FromStored(Bob), "", admin, Cancel));
        Assert.Equal((ActivityEventKind.RefusedByCooldown, AdminHost.Administrator), Last(await host.NotedAsync(Bob)));

        for (var sent = 1; sent < 6; sent++)
        {
            Portal.Wait(TimeSpan.FromMinutes(2));
            Assert.Equal(PersonOutcome.Done, await host.Actions.ResendAsync(EmailAddress.FromStored(Bob), "", admin, Cancel));
        }

        Portal.Wait(TimeSpan.FromMinutes(2));
        Assert.Equal(PersonOutcome.Refused, await host.Actions.ResendAsync(EmailAddress.FromStored(Bob), "", admin, Cancel));
        Assert.Equal((ActivityEventKind.RefusedByCap, AdminHost.Administrator), Last(await host.NotedAsync(Bob)));

        Portal.Wait(TimeSpan.FromHours(1));
        await host.LockAsync(Bob, "register");
        Assert.Equal(PersonOutcome.Refused, await host.Actions.ResendAsync(EmailAddress.FromStored(Bob), "", admin, Cancel));
        Assert.Equal((ActivityEventKind.RefusedByLock, AdminHost.Administrator), Last(await host.NotedAsync(Bob)));
    }

    [Fact]
    public async Task No_code_is_resent_to_an_account_or_to_an_address_without_a_registration()
    {
        await host.Api.VerifiedAsync(Ann);
        await host.RegisteredAsync(Bob);
        Portal.Wait(TimeSpan.FromMinutes(2));

        Assert.Equal(PersonOutcome.NoChange, await host.Actions.ResendAsync(EmailAddress.FromStored(Ann), "", admin, Cancel));
        Assert.Equal(
            PersonOutcome.NotFound, await host.Actions.ResendAsync(EmailAddress.FromStored("nobody@example.com"), "", admin, Cancel));
        Assert.Equal(PersonOutcome.NotFound,
            await host.Actions.ResendAsync(EmailAddress.FromStored(Bob), OtpSteps.Browser.Challenge, admin, Cancel));
    }

    private Task<CodeEntryOutcome> VerifyAsync(string code, Binding browser) =>
        Portal.Services.GetRequiredService<AccountCodes>().EnterAsync(
            new CodeEntry(CodeUse.VerifyEmail, EmailAddress.FromStored(Bob), code, browser), Cancel);
}
