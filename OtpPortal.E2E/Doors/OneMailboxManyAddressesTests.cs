using System.Net;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>
/// Somebody fills one mailbox by addresses that differ only in what mail servers ignore, or has two accounts where there is one person.
/// </summary>
public sealed class OneMailboxManyAddressesTests(SharedPortal shared) : IClassFixture<SharedPortal>
{
    [Fact]
    public async Task One_mailbox_gets_ten_messages_an_hour_however_its_address_is_tagged()
    {
        var portal = shared.Portal;
        Assert.InRange(await ArrivedAsync(portal,
            [.. Enumerable.Range(0, 25).Select(i => $"victim+{i}@example.com"), "victim@example.com"]), 1, 10);
    }

    [Fact]
    public async Task One_mailbox_gets_ten_messages_an_hour_wherever_the_dots_of_its_address_are()
    {
        var portal = shared.Portal;
        Assert.InRange(await ArrivedAsync(portal, [.. Enumerable.Range(0, 16).Select(Dotted)]), 1, 10);
    }

    [Fact]
    public async Task An_address_in_Unicode_and_its_A_label_are_one_account()
    {
        await using var portal = await PublishedPortal.StartAsync(("Otp__Register__Cooldown", "00:00:00"));
        var ann = portal.NewVisitor();
        await ann.PostAsync("register", new { email = "ann@bücher.example", password = Accounts.Password }).Is(HttpStatusCode.Accepted);
        await portal.UntilAsync(() => portal.Mail.Accepted.Count == 1, "no mail arrived");
        var otp = MailedCodes.CodeIn(portal.Mail.Accepted[0]);
        await ann.PostAsync("verify-email-otp", new { email = "ann@bücher.example", otp }).Is(HttpStatusCode.OK);
        await ann.SignInAsync("ann@xn--bcher-kva.example");
        await ann.SignInAsync("ann@bücher.example");
    }

    [Theory]
    [InlineData("ann@localhost")]
    [InlineData("ann@mail")]
    public async Task A_mail_domain_in_Production_needs_a_dot(string email)
    {
        var portal = shared.Portal;
        var stranger = portal.NewVisitor();
        await stranger.PostAsync("register", new { email, password = Accounts.Password }).Is(HttpStatusCode.BadRequest);
        await stranger.PostAsync("login", new { email });
        await stranger.PostAsync("send-email-otp", new { email });
        await portal.DrainedAsync();
        Assert.Empty(portal.MailsTo(email));
    }

    [Fact]
    public async Task A_mobile_typed_with_a_trunk_zero_in_brackets_is_the_number_without_it()
    {
        var portal = shared.Portal;
        var ann = portal.NewVisitor();
        const string Email = "ann@example.com";
        await ann.PostAsync("register", new { email = Email, password = Accounts.Password, mobile = "+44 (0)7700 900123" })
            .Is(HttpStatusCode.Accepted);
        await ann.PostAsync("verify-email-otp", new { email = Email, otp = await portal.CodeForAsync(Email) }).Is(HttpStatusCode.OK);
        var me = await ann.GetAsync("/api/auth/me", (await ann.SignInAsync(Email))["token"]);
        Assert.Equal("+447700900123", me["mobile"]);
    }

    private static string Dotted(int dots)
    {
        const string Name = "victim";
        var letters = Name.Select((letter, i) => i is > 0 and < 5 && (dots & (1 << (i - 1))) != 0 ? "." + letter : $"{letter}");
        return string.Concat(letters) + "@gmail.com";
    }

    private static async Task<int> ArrivedAsync(PublishedPortal portal, IReadOnlyList<string> addresses)
    {
        foreach (var email in addresses)
        {
            // Refused or not: what counts is what arrives.
            await portal.NewVisitor().PostAsync("register", new { email, password = Accounts.Password });
        }

        await portal.DrainedAsync();
        return addresses.Sum(email => portal.MailsTo(email).Count);
    }
}
