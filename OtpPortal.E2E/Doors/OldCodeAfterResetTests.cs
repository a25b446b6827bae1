using System.Net;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>Somebody who got at a code or a ticket before the owner's reset uses it afterwards.</summary>
public sealed class OldCodeAfterResetTests
{
    private const string Ann = "ann@example.com";
    private const string NewPassword = "four rather small words";

    [Fact]
    public async Task A_reset_ends_every_code_and_ticket_of_the_account()
    {
        await using var portal = await PublishedPortal.StartAsync(("Otp__Login__Cooldown", "00:00:00"),
            ("Otp__ForgotPassword__Cooldown", "00:00:00"));
        await portal.JoinAsync(Ann);
        var thief = portal.NewVisitor();
        var count = portal.CodesFor(Ann).Count;
        await thief.PostAsync("login", new { email = Ann }).Is(HttpStatusCode.Accepted);
        var login = await portal.CodeForAsync(Ann, count + 1);

        // Two tickets, and a code that waits to become a third.
        var tickets = new[] { await TicketAsync(portal, thief), await TicketAsync(portal, thief) };
        await thief.PostAsync("forgot-password/send-otp", new { email = Ann }).Is(HttpStatusCode.Accepted);
        var waiting = await portal.CodeForAsync(Ann, count + 4);

        // One of the two tickets resets the password: which one is the portal's choice. The other one is refused, before or after.
        var statuses = new[] { (await ResetAsync(thief, tickets[0])).Status, (await ResetAsync(thief, tickets[1])).Status };
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], statuses.Order());
        await ResetAsync(thief, tickets[0]).Is(HttpStatusCode.Unauthorized);
        await ResetAsync(thief, tickets[1]).Is(HttpStatusCode.Unauthorized);
        await thief.PostAsync("forgot-password/verify-otp", new { email = Ann, otp = waiting }).Is(HttpStatusCode.Unauthorized);
        await thief.PostAsync("login", new { email = Ann, otp = login }).Is(HttpStatusCode.Unauthorized);
        await thief.SignInAsync(Ann, NewPassword);
    }

    [Fact]
    public async Task A_code_asked_for_before_a_reset_does_not_sign_in_after_it()
    {
        await using var portal = await PublishedPortal.StartAsync();
        await portal.JoinAsync(Ann);
        var thief = portal.NewVisitor();
        var count = portal.CodesFor(Ann).Count;
        await thief.PostAsync("login", new { email = Ann }).Is(HttpStatusCode.Accepted);
        var otp = await portal.CodeForAsync(Ann, count + 1);
        await ResetAsync(thief, await TicketAsync(portal, portal.NewVisitor())).Is(HttpStatusCode.OK);
        await thief.PostAsync("login", new { email = Ann, otp }).Is(HttpStatusCode.Unauthorized);
    }

    private static async Task<string> TicketAsync(PublishedPortal portal, Visitor visitor)
    {
        var count = portal.CodesFor(Ann).Count;
        await visitor.PostAsync("forgot-password/send-otp", new { email = Ann }).Is(HttpStatusCode.Accepted);
        var otp = await portal.CodeForAsync(Ann, count + 1);
        return (await visitor.PostAsync("forgot-password/verify-otp", new { email = Ann, otp }).Is(HttpStatusCode.OK))["resetToken"];
    }

    private static Task<Reply> ResetAsync(Visitor visitor, string resetToken) =>
        visitor.PostAsync("forgot-password/reset", new { email = Ann, resetToken, newPassword = NewPassword });
}
