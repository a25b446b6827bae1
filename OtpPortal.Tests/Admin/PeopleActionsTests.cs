using System.Net;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Admin;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>Administrators end the sessions of people and unlock them, and nobody else does.</summary>
public sealed class PeopleActionsTests : PeopleActionsTest
{
    [Fact]
    public async Task Sessions_ended_by_an_administrator_are_over_in_browsers_and_programs_at_once()
    {
        await host.Api.VerifiedAsync(Ann);
        var program = await host.Api.LoginAsync(Ann);
        using var browser = await host.BrowserAsync(Ann);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
        (await host.Api.GetAsync("/api/auth/me", program.Of("token"))).Is(HttpStatusCode.OK);

        Assert.Equal(PersonOutcome.Done, await host.Actions.EndSessionsAsync(await host.IdAsync(Ann), admin, Cancel));

        Assert.Equal("/login?ReturnUrl=%2Faccount", (await browser.GetAsync("/account")).GoesTo, ignoreCase: true);
        (await host.Api.GetAsync("/api/auth/me", program.Of("token"))).Is(HttpStatusCode.Unauthorized);
        (await host.Api.PostAsync("refresh", new { refreshToken = program.Of("refreshToken") })).Is(HttpStatusCode.Unauthorized);
        Assert.Equal((ActivityEventKind.SessionsEnded, AdminHost.Administrator), Last(await host.NotedAsync(Ann)));

        // Nothing else has changed: the password is good.
        await host.Api.LoginAsync(Ann);
        var details = (await host.People.FindAsync(await host.IdAsync(Ann), Cancel))!;
        Assert.Equal((0, 1), (details.BrowserSessions, details.ApiSessions));
    }

    [Fact]
    public async Task Sessions_of_other_people_go_on_when_an_administrator_ends_those_of_one()
    {
        await host.Api.VerifiedAsync(Ann);
        await host.Api.VerifiedAsync(Bob);
        var bob = await host.Api.LoginAsync(Bob);

        await host.Actions.EndSessionsAsync(await host.IdAsync(Ann), admin, Cancel);

        (await host.Api.GetAsync("/api/auth/me", bob.Of("token"))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_unlocked_person_signs_in_with_the_password_and_with_codes()
    {
        await host.Api.VerifiedAsync(Ann);

        // A registration of the same day answers for itself, also while the account is locked.
        await Portal.Lane.RunAsync(db => db.PendingRegistrations.ExecuteDeleteAsync(Cancel), Cancel);
        await Portal.SendAsync(Ann);
        await host.LockAsync(Ann, "login");
        await host.LockAsync(Ann, purpose: null);
        (await host.Api.PostAsync("login", new { email = Ann, password = ApiHost.Password })).Is(HttpStatusCode.Unauthorized);
        Assert.Equal(["login", null], await LocksAsync());

        Assert.Equal(PersonOutcome.Done, await host.Actions.UnlockAsync(await host.IdAsync(Ann), admin, Cancel));

        Assert.Empty(await LocksAsync());
        Assert.Equal((ActivityEventKind.Unlocked, AdminHost.Administrator), Last(await host.NotedAsync(Ann)));
        await host.Api.LoginAsync(Ann);
        Portal.Wait(TimeSpan.FromMinutes(2));
        Assert.IsType<VerifyOutcome.Verified>(await Portal.VerifyAsync(Ann, await Portal.SendAsync(Ann)));
    }

    [Fact]
    public async Task An_unlock_leaves_the_cooldown_the_caps_and_the_attempts_of_codes()
    {
        await host.Api.VerifiedAsync(Ann);
        var code = await Portal.SendAsync(Ann);
        await Portal.GuessAsync(Ann, PortalHost.Not(code), 4);
        var before = await RowAsync();

        await host.Actions.UnlockAsync(await host.IdAsync(Ann), admin, Cancel);

        var after = await RowAsync();
        Assert.Equal((4, 0), (before.Failures, after.Failures));
        Assert.Null(after.LastFailureAt);
        Assert.Equal(
            (before.Attempts, before.HourSends, before.DaySends, before.LastSentAt),
            (after.Attempts, after.HourSends, after.DaySends, after.LastSentAt));
        Assert.Equal(SendRefusal.Cooldown, Assert.IsType<SendOutcome.Refused>(await Portal.TrySendAsync(Ann)).Reason);
        Assert.Equal(new VerifyOutcome.TooManyAttempts(), await Portal.GuessAsync(Ann, PortalHost.Not(code), 2));

        Task<OtpCode> RowAsync() =>
            Portal.ReadAsync(db => db.OtpCodes.AsNoTracking().SingleAsync(row => row.Email == Ann && row.Purpose == "login", Cancel));
    }

    [Fact]
    public async Task An_unlock_of_a_person_without_failures_changes_and_records_nothing()
    {
        await host.Api.VerifiedAsync(Ann);

        Assert.Equal(PersonOutcome.NoChange, await host.Actions.UnlockAsync(await host.IdAsync(Ann), admin, Cancel));

        Assert.DoesNotContain(await host.NotedAsync(Ann), noted => noted.Kind == ActivityEventKind.Unlocked);
    }

    [Fact]
    public async Task An_unlock_of_an_account_that_only_names_a_number_unlocks_nothing_of_its_owner()
    {
        const string Mobile = "+447700900123";
        await host.Api.VerifiedAsync(Ann);
        await Portal.Lane.RunAsync(db => db.Users.Where(user => user.NormalizedEmail == Ann)
            .ExecuteUpdateAsync(user => user.SetProperty(row => row.PhoneNumber, Mobile), Cancel), Cancel);
        await Portal.TrySendAsync(Mobile, Purpose.Login);
        await Portal.TrySendAsync(Mobile, Purpose.Register);
        await host.LockAsync(Mobile, "login");
        await host.LockAsync(Mobile, "register");

        await host.Actions.UnlockAsync(await host.IdAsync(Ann), admin, Cancel);

        Assert.Equal([("login", 100), ("register", 0)], await Portal.ReadAsync(async db =>
            (await db.OtpCodes.Where(row => row.Email == Mobile).OrderBy(row => row.Purpose)
                .ToListAsync(Cancel)).Select(row => (row.Purpose, row.Failures))));
    }

    [Fact]
    public async Task Nobody_but_an_administrator_may_act_on_people()
    {
        await host.Api.VerifiedAsync(Bob);
        await host.Api.VerifiedAsync(Ann);
        Portal.Wait(TimeSpan.FromMinutes(2));
        var (ann, bob) = (await host.IdAsync(Ann), await host.IdAsync(Bob));
        var before = (await host.NotedAsync(Bob)).Count;

        Assert.All(
            new[]
            {
                await host.Actions.EndSessionsAsync(bob, ann, Cancel), await host.Actions.UnlockAsync(bob, ann, Cancel),
                await host.Actions.ResendAsync(EmailAddress.FromStored(Bob), "", ann, Cancel),
                    await host.Actions.DeleteAsync(bob, ann, Cancel),
                    await host.Actions.DeleteAsync(ann, "nobody", Cancel),
            },
            outcome => Assert.Equal(PersonOutcome.NotAllowed, outcome));
        Assert.Equal(before, (await host.NotedAsync(Bob)).Count);
    }
}
