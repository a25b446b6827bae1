using System.Net;
using System.Text.RegularExpressions;
using OtpPortal.Admin;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>The list of people and of pending registrations, as a browser without JavaScript has it.</summary>
public sealed partial class PeoplePageTests : PeoplePageTest
{
    [Fact]
    public async Task A_search_for_people_leads_to_an_address_that_hides_the_person()
    {
        var answer = await admin.PostAsync("/admin/people", "search", ("Input.Words", "ann@exam"));

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.Matches(SealedSearch(), answer.GoesTo);
        Assert.DoesNotContain("ann", Uri.UnescapeDataString(answer.GoesTo!), StringComparison.OrdinalIgnoreCase);
        var found = await admin.GetAsync(answer.GoesTo!);
        Assert.Contains("People found", found.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"ann@exam\"", found.Html, StringComparison.Ordinal);
        Assert.Contains($"/admin/people/{await host.IdAsync(Ann)}\"", found.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(AdminHost.Administrator, found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_for_people_without_a_result_says_what_to_do()
    {
        Assert.Contains("Newest accounts", (await admin.GetAsync("/admin/people")).Text, StringComparison.Ordinal);
        Assert.Equal("/admin/people", (await admin.PostAsync("/admin/people", "search", ("Input.Words", "  "))).GoesTo);
        Assert.Contains("No match was found. Check the spelling", await SearchAsync("xyz"), StringComparison.Ordinal);
        Assert.Contains("There are no older accounts.", (await admin.GetAsync("/admin/people?before=0")).Text, StringComparison.Ordinal);
        Assert.Contains("can no longer be read", (await admin.GetAsync("/admin/people?search=nonsense")).Text, StringComparison.Ordinal);
        Assert.Contains("Enter at most 254 characters",
            (await admin.PostAsync("/admin/people", "search", ("Input.Words", new string('a', 255)))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pending_registrations_stand_below_the_people_and_their_codes_are_resent_by_a_button()
    {
        await host.RegisteredAsync(Bob);
        var page = await admin.GetAsync("/admin/people");
        Assert.Contains("Registrations waiting for a code", page.Text, StringComparison.Ordinal);
        Assert.Contains("Resend to bob@example.com", page.Text, StringComparison.Ordinal);
        Assert.Contains("Bob Okafor", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/admin/people/",
            page.Html[page.Html.IndexOf("Registrations waiting for a code", StringComparison.Ordinal)..], StringComparison.Ordinal);

        // Of an address that has an account, nothing can be sent again.
        Assert.Contains("ann@example.com Ann Other", page.Text, StringComparison.Ordinal);
        Assert.Contains("Has an account", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Resend to ann@example.com", page.Text, StringComparison.Ordinal);

        Assert.Contains("No code was sent: the last one is too recent", await ResendAsync(), StringComparison.Ordinal);
        host.Portal.Wait(TimeSpan.FromMinutes(2));
        var before = await host.Api.MessagesToAsync(Bob);
        Assert.Contains("A new code was sent. It works only in the browser in which the person registered.", await ResendAsync(),
            StringComparison.Ordinal);
        Assert.Equal(before + 1, await host.Api.MessagesToAsync(Bob));

        var late = await ValueAsync();
        (await host.Api.PostAsync("verify-email-otp", new { email = Bob, otp = await host.Portal.CodeForAsync(Bob) })).Is(
            HttpStatusCode.OK);
        host.Portal.Wait(TimeSpan.FromMinutes(2));
        var answer = await admin.SendAsync("/admin/people", await admin.FieldsAsync("/admin/people", "resend"), ("Registration", late));
        Assert.Contains("No code was sent: the registration is complete", await FollowAsync(answer), StringComparison.Ordinal);
        Assert.Equal(
            "/admin/people?done=nothing-resend", (await admin.PostAsync("/admin/people", "resend", ("Registration", "nonsense"))).GoesTo);

        async Task<string> ResendAsync() =>
            await FollowAsync(await admin.PostAsync("/admin/people", "resend", ("Registration", await ValueAsync())));
        async Task<string> ValueAsync() => Resend().Match((await admin.GetAsync("/admin/people")).Html).Groups["value"].Value;
    }

    [Fact]
    public async Task A_registration_is_found_by_a_part_of_its_address_or_name()
    {
        await host.RegisteredAsync(Bob);

        Assert.Contains("Resend to bob@example.com", await SearchAsync("okaf"), StringComparison.Ordinal);
        Assert.Contains("Resend to bob@example.com", await SearchAsync("bob@"), StringComparison.Ordinal);
        Assert.DoesNotContain("Resend to bob@example.com", await SearchAsync("ann@"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_list_of_people_is_turned_page_by_page()
    {
        for (var i = 0; i < People.PageSize; i++)
        {
            await host.Api.VerifiedAsync($"person{i}@example.com");
        }

        var first = await admin.GetAsync("/admin/people");
        var next = WebUtility.HtmlDecode(Older().Match(first.Html).Groups["url"].Value);
        var second = await admin.GetAsync(next);

        Assert.DoesNotContain(Ann, first.Text, StringComparison.Ordinal);
        Assert.Contains(Ann, second.Text, StringComparison.Ordinal);
        Assert.Contains(AdminHost.Administrator, second.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(Older(), second.Html);
        Assert.DoesNotContain("example.com", next, StringComparison.Ordinal);
    }

    private async Task<string> SearchAsync(string words) =>
        await FollowAsync(await admin.PostAsync("/admin/people", "search", ("Input.Words", words)));

    [GeneratedRegex("^/admin/people\\?search=[A-Za-z0-9_-]{100,}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SealedSearch();

    [GeneratedRegex(
        "form=\"resend\" name=\"Registration\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Resend();

    [GeneratedRegex("href=\"(?<url>[^\"]*)\" rel=\"next\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Older();
}
