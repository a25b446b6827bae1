using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Admin;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>Accounts that administrators delete, and those that they cannot.</summary>
public sealed class PeopleDeletionTests : PeopleActionsTest
{
    [Fact]
    public async Task A_deleted_account_is_gone_with_all_that_belonged_to_it()
    {
        await host.Api.VerifiedAsync(Ann);
        await host.Api.VerifiedAsync(Bob);
        var program = await host.Api.LoginAsync(Ann);
        using var browser = await host.BrowserAsync(Ann);
        var code = await Portal.SendAsync(Ann);
        Portal.Wait(TimeSpan.FromMinutes(2));
        await Portal.TrySendAsync(Ann);
        await host.LockAsync(Ann, purpose: null);
        var ann = await host.IdAsync(Ann);
        var noted = (await host.NotedAsync(Ann)).Count;

        Assert.Equal(PersonOutcome.Done, await host.Actions.DeleteAsync(ann, admin, Cancel));

        await AssertNothingStoredAsync(ann);
        var log = await host.NotedAsync(Ann);
        Assert.Equal(noted + 1, log.Count);
        Assert.Equal((ActivityEventKind.AccountDeleted, AdminHost.Administrator), Last(log));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).Status);
        (await host.Api.GetAsync("/api/auth/me", program.Of("token"))).Is(HttpStatusCode.Unauthorized);
        (await host.Api.PostAsync("refresh", new { refreshToken = program.Of("refreshToken") })).Is(HttpStatusCode.Unauthorized);
        (await host.Api.PostAsync("login", new { email = Ann, otp = code })).Is(HttpStatusCode.Unauthorized);

        // The registration answers for its day as if nothing had happened, and signs nobody in.
        (await host.Api.PostAsync("login", new { email = Ann, password = ApiHost.Password })).IsProblem(
            HttpStatusCode.Forbidden, "not-verified", "cooldownSeconds");

        // The rows of its codes wait on, so that nobody learns from the cooldown that the account is gone. After it the address is as
        // good as new.
        Portal.Wait(TimeSpan.FromDays(1));
        await PurgeAsync();
        await host.Api.VerifiedAsync(Ann, "another three small words");
        Assert.NotEqual(ann, await host.IdAsync(Ann));
    }

    /// <summary>Neither the account nor anything of it is in the database, and nothing that was to be sent is sent.</summary>
    private async Task AssertNothingStoredAsync(string ann)
    {
        Assert.Null(await host.AccountAsync(Ann));
        Assert.Equal((0, 0, 0, 0), await Portal.ReadAsync(async db => (
            await db.Sessions.CountAsync(row => row.UserId == ann, Cancel),
            await db.RefreshTokens.CountAsync(token => !db.Sessions.Any(session => session.Id == token.SessionId), Cancel),
            await db.Outbox.CountAsync(row => row.Email == Ann && row.State == MessageState.Waiting, Cancel),
            await db.PasswordFailures.CountAsync(row => row.Email == Ann, Cancel))));
        Assert.Equal(
            [(null, null, null, null)],
            await Portal.ReadAsync(db => db.PendingRegistrations.Where(row => row.Email == Ann)
                .Select(row => ValueTuple.Create(row.FirstName, row.LastName, row.UserName, row.Mobile)).ToListAsync(Cancel)));
        var mails = Portal.Inbox.Count;
        await Portal.DeliverAsync();
        Assert.Equal(mails, Portal.Inbox.Count);
    }

    [Fact]
    public async Task A_deleted_account_ends_the_codes_of_its_verified_number() =>
        Assert.Equal(new VerifyOutcome.Wrong(4), await EnterCodeOfDeletedAccountsNumberAsync(isVerified: true));

    [Fact]
    public async Task A_deleted_account_does_not_end_the_codes_of_a_number_that_it_never_verified() =>
        Assert.Equal(new VerifyOutcome.Verified(), await EnterCodeOfDeletedAccountsNumberAsync(isVerified: false));

    [Fact]
    public async Task No_administrator_can_be_deleted()
    {
        await host.Api.VerifiedAsync(Ann);
        await host.Administrators.GrantAsync(EmailAddress.FromStored(Ann), "a test", Cancel);

        Assert.Equal(PersonOutcome.IsAdmin, await host.Actions.DeleteAsync(await host.IdAsync(Ann), admin, Cancel));
        Assert.Equal(PersonOutcome.IsAdmin, await host.Actions.DeleteAsync(admin, admin, Cancel));

        Assert.NotNull(await host.AccountAsync(Ann));
        Assert.NotNull(await host.AccountAsync(AdminHost.Administrator));
    }

    [Fact]
    public async Task One_of_several_concurrent_deletions_succeeds_and_the_others_say_that_the_person_is_gone()
    {
        await host.Api.VerifiedAsync(Ann);
        var ann = await host.IdAsync(Ann);

        var outcomes = await ParallelCalls.RunAsync(8, _ => host.Actions.DeleteAsync(ann, admin, Cancel));

        Assert.Equal(1, outcomes.Count(outcome => outcome == PersonOutcome.Done));
        Assert.Equal(7, outcomes.Count(outcome => outcome == PersonOutcome.NotFound));
        Assert.Single(await host.NotedAsync(Ann), noted => noted.Kind == ActivityEventKind.AccountDeleted);
        Assert.Equal(PersonOutcome.NotFound, await host.Actions.EndSessionsAsync(ann, admin, Cancel));
        Assert.Equal(PersonOutcome.NotFound, await host.Actions.UnlockAsync(ann, admin, Cancel));
    }

    private async Task<VerifyOutcome> EnterCodeOfDeletedAccountsNumberAsync(bool isVerified)
    {
        const string Mobile = "+447700900123";
        await host.Api.VerifiedAsync(Ann);
        await Portal.Lane.RunAsync(
            db => db.Users.Where(user => user.NormalizedEmail == Ann)
                .ExecuteUpdateAsync(user => user.SetProperty(row => row.PhoneNumber, Mobile)
                .SetProperty(row => row.PhoneNumberConfirmed, isVerified), Cancel),
            Cancel);
        var code = await Portal.SendAsync(Mobile);

        await host.Actions.DeleteAsync(await host.IdAsync(Ann), admin, Cancel);

        // To strangers the code goes on looking as if it waited.
        Assert.True((await Portal.StatusAsync(Mobile))!.IsWaiting);
        return await Portal.VerifyAsync(Mobile, code);
    }
}
