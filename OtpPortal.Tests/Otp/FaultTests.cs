using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>
/// Faults injected behind a code, by triggers that raise: a wrong guess stays paid whatever fails after it, and a right code is good
/// until everything that follows from
/// it is on disk.
/// </summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const string Email = "ann@example.com";

    private readonly AccountsHost accounts = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PortalHost Portal => accounts.Portal;

    public ValueTask InitializeAsync() => Portal.StartAsync();

    public ValueTask DisposeAsync() => accounts.DisposeAsync();

    [Fact]
    public async Task A_wrong_guess_counts_though_its_event_cannot_be_recorded()
    {
        var code = await Portal.SendAsync(Email);
        await BreakAsync("INSERT ON Activity");

        Assert.Equal(new VerifyOutcome.Wrong(4), await Portal.VerifyAsync(Email, PortalHost.Not(code)));
        Assert.Equal(new VerifyOutcome.Wrong(3), await Portal.VerifyAsync(Email, PortalHost.Not(code)));

        await MendAsync();
        Assert.Equal(2, await AttemptsAsync());
    }

    [Theory]
    [InlineData("INSERT ON Outbox")]
    [InlineData("INSERT ON Activity")]
    [InlineData("INSERT ON SendCounters")]
    public async Task The_last_wrong_guess_ends_the_code_though_its_notice_fails(string fault)
    {
        var code = await Portal.SendAsync(Email);
        await Portal.GuessAsync(Email, PortalHost.Not(code), 4);
        await BreakAsync(fault);

        Assert.Equal(new VerifyOutcome.Wrong(0), await Portal.VerifyAsync(Email, PortalHost.Not(code)));

        await MendAsync();
        Assert.Equal(5, await AttemptsAsync());
        Assert.Equal(new VerifyOutcome.TooManyAttempts(), await Portal.VerifyAsync(Email, code));
    }

    [Theory]
    [InlineData("INSERT ON AspNetUsers")]
    [InlineData("DELETE ON PendingRegistrations")]
    [InlineData("INSERT ON Sessions")]
    [InlineData("INSERT ON Activity")]
    public async Task A_right_code_of_a_registration_is_good_until_account_session_and_event_are_on_disk(string fault)
    {
        await accounts.RegisterAsync(Email);
        var code = await Portal.CodeForAsync(Email);
        await BreakAsync(fault);

        await Assert.ThrowsAnyAsync<Exception>(() => accounts.VerifyAsync(Email, code));
        Assert.Null(await accounts.AccountAsync(Email));
        Assert.NotNull(await accounts.PendingAsync(Email));
        Assert.Equal((0, 0), await Portal.ReadAsync(async db => (await db.Sessions.CountAsync(Cancel), await AttemptsAsync("register"))));

        await MendAsync();
        Assert.NotNull(Assert.IsType<CodeEntryOutcome.Accepted>(await accounts.VerifyAsync(Email, code)).Session);
    }

    [Theory]
    [InlineData("UPDATE ON AspNetUsers")]
    [InlineData("INSERT ON Sessions")]
    public async Task A_right_code_to_sign_in_is_good_until_the_session_is_on_disk(string fault)
    {
        await accounts.VerifiedAsync(Email);
        Portal.Wait(TimeSpan.FromMinutes(2));
        await accounts.RequestCodeAsync(Email, OtpSteps.Browser);
        var code = await Portal.CodeForAsync(Email);
        var sessions = await Portal.ReadAsync(db => db.Sessions.CountAsync(Cancel));
        await BreakAsync(fault);

        await Assert.ThrowsAnyAsync<Exception>(() => accounts.SignInWithCodeAsync(Email, code));
        Assert.Equal(sessions, await Portal.ReadAsync(db => db.Sessions.CountAsync(Cancel)));

        await MendAsync();
        Assert.IsType<CodeEntryOutcome.Accepted>(await accounts.SignInWithCodeAsync(Email, code));
    }

    [Theory]
    [InlineData("INSERT ON Outbox")]
    [InlineData("DELETE ON Sessions")]
    [InlineData("INSERT ON Activity")]
    public async Task A_reset_ticket_is_good_until_the_new_password_and_its_notice_are_on_disk(string fault)
    {
        await accounts.VerifiedAsync(Email);
        await accounts.RequestCodeAsync(Email, OtpSteps.Browser, CodeUse.ResetPassword);
        var ticket = Assert.IsType<CodeEntryOutcome.TicketIssued>(
            await accounts.EnterCodeAsync(CodeUse.ResetPassword, Email, await Portal.CodeForAsync(Email), OtpSteps.Browser)).Ticket;
        await BreakAsync(fault);

        await Assert.ThrowsAnyAsync<Exception>(() => accounts.ResetPasswordAsync(Email, ticket, "a whole new password"));
        await MendAsync();
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(Email));

        Assert.IsType<ResetOutcome.Done>(await accounts.ResetPasswordAsync(Email, ticket, "a whole new password"));
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(Email, "a whole new password"));
    }

    private Task<int> AttemptsAsync(string purpose = "login") =>
        Portal.ReadAsync(db => db.OtpCodes.Where(row => row.Email == Email && row.Purpose == purpose).Select(row => row.Attempts)
            .SingleAsync(Cancel));

    private Task BreakAsync(string what) => Portal.Lane.RunAsync(
        db => db.QueryAsync(
            $"CREATE TRIGGER Fault BEFORE {what} BEGIN SELECT RAISE(ABORT, 'a fault of the test'); END", row => row.FieldCount), Cancel);

    private Task MendAsync() => Portal.Lane.RunAsync(db => db.QueryAsync("DROP TRIGGER Fault", row => row.FieldCount), Cancel);
}
