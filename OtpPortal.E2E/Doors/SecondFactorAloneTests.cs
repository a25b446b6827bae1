using System.Net;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>Somebody who reads the mail, and has not given the password, enters the second factor's code.</summary>
public sealed class SecondFactorAloneTests
{
    private const string Ann = "ann@example.com";

    private static readonly (string Key, string Value)[] Settings = [("SignIn__SecondFactor", "Code"),
        ("Otp__Login__Cooldown", "00:00:00")];

    [Fact]
    public async Task The_code_of_an_owners_sign_in_signs_nobody_else_in()
    {
        await using var portal = await PublishedPortal.StartAsync(Settings);
        await portal.JoinAsync(Ann);
        var owner = portal.NewVisitor();
        var (begun, otp) = await BeginAsync(portal, owner);
        var reader = portal.NewVisitor();
        await reader.PostAsync("login", new { email = Ann, otp }).Is(HttpStatusCode.Unauthorized);
        var loginToken = begun["loginToken"];
        await reader.PostAsync("login", new { email = Ann, otp, loginToken = Accounts.OtherThan(loginToken) })
            .Is(HttpStatusCode.Unauthorized);

        // Only the right code uses the token up.
        await owner.PostAsync("login", new { email = Ann, otp = Accounts.OtherThan(otp), loginToken }).Is(HttpStatusCode.Unauthorized);
        await owner.PostAsync("login", new { email = Ann, otp, loginToken }).Is(HttpStatusCode.OK);
        await owner.PostAsync("login", new { email = Ann, otp, loginToken }).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_code_of_one_sign_in_does_not_complete_another()
    {
        await using var portal = await PublishedPortal.StartAsync(Settings);
        await portal.JoinAsync(Ann);
        var (first, firstCode) = await BeginAsync(portal, portal.NewVisitor());
        var (second, secondCode) = await BeginAsync(portal, portal.NewVisitor());
        var anybody = portal.NewVisitor();
        await anybody.PostAsync("login", new { email = Ann, otp = firstCode, loginToken = second["loginToken"] })
            .Is(HttpStatusCode.Unauthorized);
        await anybody.PostAsync("login", new { email = Ann, otp = secondCode, loginToken = first["loginToken"] })
            .Is(HttpStatusCode.Unauthorized);
        await anybody.PostAsync("login", new { email = Ann, otp = secondCode, loginToken = second["loginToken"] }).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_browser_that_gave_the_password_completes_the_sign_in_on_the_pages_with_the_code()
    {
        await using var portal = await PublishedPortal.StartAsync(Settings);
        await portal.JoinAsync(Ann);
        var count = portal.CodesFor(Ann).Count;
        var owner = portal.NewVisitor();
        var verify = await owner.SignInOnPagesAsync(Ann);
        var otp = await portal.CodeForAsync(Ann, count + 1);
        await portal.NewVisitor().PostAsync("login", new { email = Ann, otp }).Is(HttpStatusCode.Unauthorized);
        var account = await owner.SubmitAndFollowAsync(verify, "Verify", ("Code", otp));
        Assert.Equal("/account", account.Path);
    }

    private static async Task<(Reply Begun, string Otp)> BeginAsync(PublishedPortal portal, Visitor owner)
    {
        var count = portal.CodesFor(Ann).Count;
        var begun = await owner.PostAsync("login", new { email = Ann, password = Accounts.Password }).Is(HttpStatusCode.Accepted);
        return (begun, await portal.CodeForAsync(Ann, count + 1));
    }
}
