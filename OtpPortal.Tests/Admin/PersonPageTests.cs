using System.Net;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>The page of a person and the actions on it, as a browser without JavaScript has them.</summary>
public sealed class PersonPageTests : PeoplePageTest
{
    [Fact]
    public async Task The_page_of_a_person_shows_all_that_is_known_and_neither_password_nor_hash()
    {
        await host.LockAsync(Ann, "register");
        await host.LockAsync(Ann, purpose: null);

        var page = await PageAsync(Ann);

        Assert.Contains("Name Ann Other", page.Text, StringComparison.Ordinal);
        Assert.Contains("Password Set.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Registration codes until 2 Mar 2026 12:00:00 UTC", page.Text, StringComparison.Ordinal);
        Assert.Contains("Passwords until 2 Mar 2026 12:00:00 UTC", page.Text, StringComparison.Ordinal);
        Assert.Contains("Code entered", page.Text, StringComparison.Ordinal);
        var ann = (await host.AccountAsync(Ann))!;
        Assert.All([ann.PasswordHash!, ann.SecurityStamp!, ann.ConcurrencyStamp!],
            secret => Assert.DoesNotContain(secret, page.Html, StringComparison.Ordinal));
        Assert.DoesNotContain("type=\"password\"", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_action_on_a_person_is_confirmed_first_and_reported_afterwards()
    {
        await host.LockAsync(Ann, "register");
        await host.Api.VerifiedAsync(Bob);

        await DoAsync(Ann, "sessions", "End all sessions of ann@example.com?", "All sessions were ended.");
        await DoAsync(Ann, "unlock", "Unlock ann@example.com?", "Unlocked. The person can try again now.");
        await DoAsync(Ann, "unlock", "Unlock ann@example.com?", "There was nothing to unlock");
        await DoAsync(Bob, "delete", "The activity log keeps its events about the address for 30 days.", "The account was deleted.");

        Assert.Null(await host.AccountAsync(Bob));
        Assert.Contains(await host.NotedAsync(Ann), noted => noted.Kind == ActivityEventKind.SessionsEnded);
        Assert.Contains(await host.NotedAsync(Ann), noted => noted.Kind == ActivityEventKind.Unlocked);
    }

    [Fact]
    public async Task An_unconfirmed_action_on_a_person_is_not_done()
    {
        var own = await OwnAsync(Ann);
        var fields = await admin.FieldsAsync($"{own}?confirm=delete", "act");

        Assert.Equal(HttpStatusCode.BadRequest, (await admin.SendAsync(own, fields)).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync($"{own}?confirm=everything", fields)).Status);
        fields.Remove("__RequestVerificationToken");
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.SendAsync($"{own}?confirm=delete", fields)).Status);

        Assert.NotNull(await host.AccountAsync(Ann));
    }

    [Fact]
    public async Task A_second_click_on_delete_says_that_the_account_is_gone()
    {
        var own = $"{await OwnAsync(Ann)}?confirm=delete";
        var fields = await admin.FieldsAsync(own, "act");
        Assert.Equal("/admin/people?done=deleted", (await admin.SendAsync(own, fields)).GoesTo);

        var again = await admin.SendAsync(own, fields);

        Assert.Equal("/admin/people?done=gone", again.GoesTo);
        Assert.Contains(
            "This account no longer exists. Nothing was changed.", (await admin.GetAsync(again.GoesTo!)).Text, StringComparison.Ordinal);
        Assert.Equal("/admin/people?done=gone", (await admin.GetAsync(own)).GoesTo);
        Assert.Equal("/admin/people?done=gone", (await admin.GetAsync("/admin/people/nobody")).GoesTo);
    }

    [Fact]
    public async Task An_action_on_a_person_who_changed_since_the_question_says_so()
    {
        var delete = $"{await OwnAsync(Ann)}?confirm=delete";
        var fields = await admin.FieldsAsync(delete, "act");
        await host.Administrators.GrantAsync(EmailAddress.FromStored(Ann), "a test", Cancel);

        Assert.Contains("belongs to an administrator", await FollowAsync(await admin.SendAsync(delete, fields)), StringComparison.Ordinal);

        Assert.NotNull(await host.AccountAsync(Ann));
    }

    [Fact]
    public async Task The_page_of_an_administrator_offers_no_deletion()
    {
        await host.Administrators.GrantAsync(EmailAddress.FromStored(Ann), "a test", Cancel);

        var (ann, oneself) = (await PageAsync(Ann), await PageAsync(AdminHost.Administrator));

        Assert.Contains("An administrator's account cannot be deleted.", ann.Text, StringComparison.Ordinal);
        Assert.Contains("admin revoke ann@example.com", ann.Text, StringComparison.Ordinal);
        Assert.Contains("This is your own account.", oneself.Text, StringComparison.Ordinal);
        Assert.All([ann, oneself], page => Assert.DoesNotContain("confirm=delete", page.Html, StringComparison.Ordinal));
        Assert.DoesNotContain("<button", (await admin.GetAsync($"{await OwnAsync(Ann)}?confirm=delete")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_who_ends_their_own_sessions_is_signed_out()
    {
        var own = $"{await OwnAsync(AdminHost.Administrator)}?confirm=sessions";
        Assert.Contains("your own account: you are signed out here too.", (await admin.GetAsync(own)).Text, StringComparison.Ordinal);

        var done = await admin.PostAsync(own, "act");

        Assert.StartsWith("/login?", (await admin.GetAsync(done.GoesTo!)).GoesTo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sessions", AdminHost.Administrator)]
    [InlineData("unlock", Bob)]
    [InlineData("delete", Bob)]
    public async Task An_administrator_whose_role_was_revoked_is_refused_with_the_next_click(string action, string person)
    {
        await host.Api.VerifiedAsync(Bob);
        using var second = await host.BrowserAsync(Ann);
        await host.Administrators.GrantAsync(EmailAddress.FromStored(Ann), "a test", Cancel);
        host.Portal.Wait(TimeSpan.FromMilliseconds(1));
        var about = $"{await OwnAsync(person)}?confirm={action}";
        var fields = await second.FieldsAsync(about, "act");
        await host.Administrators.RevokeAsync(EmailAddress.FromStored(Ann), evenTheLast: false, "a test", Cancel);
        var before = (await host.NotedAsync(Bob)).Count;

        // The page that was open, whose form is still good.
        Assert.Equal(HttpStatusCode.Forbidden, (await second.SendAsync(about, fields)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await second.GetAsync("/admin/people")).Status);
        using var stranger = await host.BrowserAsync(email: null);
        Assert.StartsWith(
            "/login?returnUrl=%2Fadmin%2Fpeople", (await stranger.SendAsync(about, fields)).GoesTo, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith(
            "/login?returnUrl=%2Fadmin%2Fpeople", (await stranger.GetAsync("/admin/people")).GoesTo, StringComparison.OrdinalIgnoreCase);

        Assert.Equal(before, (await host.NotedAsync(Bob)).Count);
        Assert.NotNull(await host.AccountAsync(Bob));
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/admin/people")).Status);
    }

    private async Task<string> OwnAsync(string email) => $"/admin/people/{await host.IdAsync(email)}";

    private async Task<PageResponse> PageAsync(string email) => await admin.GetAsync(await OwnAsync(email));

    private async Task DoAsync(string email, string action, string question, string told)
    {
        var page = await PageAsync(email);
        Assert.Contains($"{await OwnAsync(email)}?confirm={action}#confirm", page.Html, StringComparison.Ordinal);
        var asked = await admin.GetAsync($"{await OwnAsync(email)}?confirm={action}");
        Assert.Contains(question, asked.Text, StringComparison.Ordinal);
        Assert.Contains("Cancel", asked.Text, StringComparison.Ordinal);
        Assert.Contains(
            told, await FollowAsync(await admin.PostAsync($"{await OwnAsync(email)}?confirm={action}", "act")), StringComparison.Ordinal);
    }
}
