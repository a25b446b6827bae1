using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>Whose a mobile number is: moved to another account, changed, removed, or kept.</summary>
public sealed class MobileHolderTests : MobileAccountsTest
{
    [Fact]
    public async Task A_right_code_for_a_number_of_another_account_moves_nothing_until_the_move_is_confirmed()
    {
        var (first, second) = (await accounts.VerifiedAsync("first@example.com"), await accounts.VerifiedAsync("second@example.com"));
        await VerifyAsync(first.Id);
        Assert.Equal("first@example.com", await WhoSignsInAsync());
        Portal.Wait(TimeSpan.FromMinutes(2));
        var code = await SendAsync(second.Id);

        Assert.IsType<CodeEntryOutcome.HeldByAnother>(await EnterAsync(second.Id, code));
        Assert.Equal("first@example.com", await WhoSignsInAsync());

        // The code is still good, as often as the question is asked.
        Assert.IsType<CodeEntryOutcome.HeldByAnother>(await EnterAsync(second.Id, code));
        Assert.IsType<CodeEntryOutcome.MobileVerified>(await EnterAsync(second.Id, code, move: true));
        Assert.Equal("second@example.com", await WhoSignsInAsync());
        Assert.IsType<CodeEntryOutcome.Refused>(await EnterAsync(second.Id, code, move: true));
    }

    [Fact]
    public async Task A_moved_number_ends_everything_of_the_account_that_had_it_and_notifies_its_owner()
    {
        var (first, second) = (await accounts.VerifiedAsync("first@example.com"), await accounts.VerifiedAsync("second@example.com"));
        await VerifyAsync(first.Id);
        var (firsts, seconds) = (await Portal.BeginAsync("first@example.com"), await Portal.BeginAsync("second@example.com"));
        Portal.Wait(TimeSpan.FromMinutes(2));

        await VerifyAsync(second.Id, move: true);

        Assert.Null(await FindAsync(firsts));
        Assert.NotNull(await FindAsync(seconds));
        var holder = (await accounts.AccountAsync("first@example.com"))!;
        Assert.Equal((null, false), (holder.PhoneNumber, holder.PhoneNumberConfirmed));
        var mail = (await accounts.MailToAsync("first@example.com"))[0];
        Assert.Contains("mobile", mail.Subject, StringComparison.OrdinalIgnoreCase);
        Assert.Null(mail.Code);
        Assert.DoesNotContain("second@example.com", mail.Text, StringComparison.Ordinal);
        Assert.Equal(1,
            await Portal.ReadAsync(
                db => db.Activity.CountAsync(
                    noted => noted.Kind == ActivityEventKind.MobileMoved && noted.Address == "first@example.com", Cancel)));
    }

    [Fact]
    public async Task The_database_lets_no_two_accounts_hold_one_verified_number()
    {
        await accounts.VerifiedAsync("first@example.com");
        await accounts.VerifiedAsync("second@example.com");

        await Assert.ThrowsAnyAsync<Exception>(() => Portal.Lane.RunAsync(
            db => db.Users.ExecuteUpdateAsync(user => user.SetProperty(row => row.PhoneNumber, Mobile)
                .SetProperty(row => row.PhoneNumberConfirmed, true), Cancel),
            Cancel));

        // Unproven, any number of accounts may name it.
        Assert.Equal(
            2, await Portal.ReadAsync(db => db.Users.CountAsync(user => user.PhoneNumber == Mobile && !user.PhoneNumberConfirmed, Cancel)));
    }

    [Fact]
    public async Task An_account_whose_address_is_registered_again_keeps_its_number_verified()
    {
        const string email = "again@example.com";
        await VerifyAsync((await accounts.VerifiedAsync(email)).Id);
        Portal.Wait(TimeSpan.FromMinutes(2));

        await accounts.RegisterAsync(email, "a stranger's password", Binding.None);

        var account = (await accounts.AccountAsync(email))!;
        Assert.Equal((Mobile, true), (account.PhoneNumber, account.PhoneNumberConfirmed));
        Assert.Equal(email, await WhoSignsInAsync());
    }

    [Theory]
    [InlineData(OtherMobile, OtherMobile)]
    [InlineData("", null)]
    public async Task A_changed_or_removed_verified_number_ends_all_sessions_but_the_one_that_did_it(string typed, string? stored)
    {
        const string email = "moves@example.com";
        var account = await accounts.VerifiedAsync(email);
        await VerifyAsync(account.Id);
        var (mine, other) = (await Portal.BeginAsync(email), await Portal.BeginAsync(email));

        Assert.Null(await Mobiles.ChangeAsync(account.Id, typed, mine.SessionId, Cancel));

        var after = (await accounts.AccountAsync(email))!;
        Assert.Equal((stored, false), (after.PhoneNumber, after.PhoneNumberConfirmed));
        Assert.NotNull(await FindAsync(mine));
        Assert.Null(await FindAsync(other));
        Assert.IsType<SignInOutcome.Wrong>(await WithPasswordAsync());
    }

    [Fact]
    public async Task An_unverified_number_is_changed_without_ending_anything()
    {
        const string email = "typo@example.com";
        var account = await accounts.VerifiedAsync(email);
        var session = await Portal.BeginAsync(email);

        Assert.Null(await Mobiles.ChangeAsync(account.Id, OtherMobile, session: null, Cancel));

        Assert.NotNull(await FindAsync(session));
        Assert.Equal(OtherMobile, (await accounts.AccountAsync(email))!.PhoneNumber);
    }

    [Theory]
    [InlineData("07700 900123", "country code")]
    [InlineData("+33 6 12 34 56 78", "this country")]
    public async Task A_number_that_no_code_could_be_sent_to_is_refused(string typed, string why)
    {
        var account = await accounts.VerifiedAsync("abroad@example.com");

        Assert.Contains(why, await Mobiles.ChangeAsync(account.Id, typed, session: null, Cancel), StringComparison.Ordinal);

        Assert.Equal(Mobile, (await accounts.AccountAsync("abroad@example.com"))!.PhoneNumber);
    }
}
