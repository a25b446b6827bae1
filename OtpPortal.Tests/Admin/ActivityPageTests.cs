using System.Net;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>The page of activity, as a browser without JavaScript has it.</summary>
public sealed class ActivityPageTests : IAsyncLifetime
{
    private const string Ann = "ann@example.com";

    private AdminHost host = null!;
    private PageBrowser admin = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await AdminHost.StartAsync();
        admin = await host.BrowserAsync(AdminHost.Administrator);
        await host.Api.VerifiedAsync(Ann);
        host.Portal.Wait(TimeSpan.FromMilliseconds(1));
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task An_activity_search_leads_to_an_address_that_hides_the_person()
    {
        var answer = await PostAsync(("Input.Person", $" {Ann.ToUpperInvariant()} , +44 7700 900123"), ("Input.Kind", "sent"),
            ("Input.Purpose", "register"), ("Input.From", "2026-03-01T00:00"), ("Input.To", ""));

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.Matches("^/admin/activity\\?kind=sent&purpose=register&who=[^&]+&who=[^&]+&from=2026-03-01T00%3A00$", answer.GoesTo);
        Assert.DoesNotContain("ann", Uri.UnescapeDataString(answer.GoesTo!), StringComparison.OrdinalIgnoreCase);
        var found = await admin.GetAsync(answer.GoesTo!);
        Assert.Contains($"value=\"{Ann}, \u0026#x2B;447700900123\"", found.Html, StringComparison.Ordinal);
        Assert.Contains("id=\"events\"", found.Html, StringComparison.Ordinal);
        Assert.Contains("2026 12:00:00 UTC", found.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(AdminHost.Administrator, found.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Input.Person", "ann", "Enter a full email address, or a mobile number")]
    [InlineData("Input.Person", "ann@", "address")]
    [InlineData("Input.Person",
        "a@b.example,a@b.example,a@b.example,a@b.example,a@b.example,a@b.example,a@b.example,a@b.example,a@b.example,a@b.example,a@b.example", "You entered 11 people. Enter at most 10")]
    [InlineData("Input.From", "yesterday", "Enter a date and a time, like 2026-03-01T14:03")]
    [InlineData("Input.To", "2026-02-30T14:00", "Enter a date and a time, like 2026-03-01T14:03")]
    public async Task A_wrong_activity_search_is_explained_and_keeps_what_was_typed(string field, string typed, string said)
    {
        var answer = await PostAsync((field, typed), ("Input.Kind", "wrongCode"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains(said, answer.Text, StringComparison.Ordinal);
        Assert.Contains($"value=\"{typed}\"", answer.Html, StringComparison.Ordinal);
        Assert.Matches("<option value=\"wrongCode\"[^>]* selected", answer.Html);
        Assert.DoesNotContain("id=\"events\"", answer.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind=fun", "There is no kind of event \"fun\".")]
    [InlineData("purpose=fun", "There is no purpose \"fun\".")]
    [InlineData("from=now", "From and until must be times in UTC")]
    [InlineData("who=ann@example.com", "Enter the address again.")]
    [InlineData("kind=%3Cscript%3Ealert(1)%3C/script%3E", "There is no kind of event")]
    public async Task A_truncated_link_of_an_activity_search_is_named_as_such_and_shows_nothing(string query, string said)
    {
        var answer = await admin.GetAsync($"/admin/activity?{query}");

        Assert.Contains(said, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", answer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"events\"", answer.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("before=nonsense")]
    [InlineData("before=1.2.3")]
    [InlineData("after=99999999999999999999.1")]
    public async Task An_invalid_place_in_the_activity_log_leads_to_the_newest_page(string query) =>
        Assert.Contains("Code sent", (await admin.GetAsync($"/admin/activity?{query}")).Text, StringComparison.Ordinal);

    [Fact]
    public async Task The_last_page_of_the_activity_log_offers_nothing_older()
    {
        var answer = await admin.GetAsync("/admin/activity?kind=sent&before=1.1");

        Assert.Contains("There are no older events.", answer.Text, StringComparison.Ordinal);
        Assert.Contains(">Newest</a>", answer.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_activity_page_says_that_there_are_no_events()
    {
        await host.Portal.Lane.RunAsync(db => db.Activity.ExecuteDeleteAsync(), Cancel);

        var answer = await admin.GetAsync("/admin/activity");

        Assert.Contains("No events yet. Events are kept for", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Download", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_activity_page_shows_input_of_strangers_as_text()
    {
        await host.Portal.Lane.RunAsync(
            db => db.RecordAsync(
                new() { At = host.Portal.Clock!.GetUtcNow(), Kind = ActivityEventKind.DeliveryFailed, Address = "<b>@example.com",
                    Detail = "<script>alert(1)</script>" }), Cancel);

        var answer = await admin.GetAsync("/admin/activity");

        Assert.Contains("<script>alert(1)</script>", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", answer.Html, StringComparison.Ordinal);
    }

    private Task<PageResponse> PostAsync(params (string Name, string Value)[] typed) => admin.PostAsync("/admin/activity", "filter", typed);
}
