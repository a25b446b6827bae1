using System.Net;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>
/// Somebody registers an address and then signs in with the password just typed, to learn whether the address has an account.
/// </summary>
public sealed class RegisterThenLoginTellsTests
{
    private const string Known = "ann@known.example";
    private const string Unknown = "ann@other.example";
    private const string Later = "ann@later.example";
    private const string Attackers = "the attacker's words";

    // SHA-256 of a verifier of 43 times "a", in base64url.
    private const string Challenge = "ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA";

    private static readonly (string Key, string Value)[] NoCooldown = [("Otp__Register__Cooldown", "00:00:00"),
        ("Otp__Login__Cooldown", "00:00:00")];

    [Theory]
    [InlineData(null)]
    [InlineData(Challenge)]
    public async Task Registering_and_signing_in_through_the_API_is_answered_alike_with_and_without_an_account(string? codeChallenge)
    {
        await using var portal = await PublishedPortal.StartAsync(NoCooldown);
        await portal.JoinAsync(Known);
        Assert.Equal(await AttemptAsync(portal, Unknown, codeChallenge), await AttemptAsync(portal, Known, codeChallenge));

        // An address whose owner makes an account in the meantime goes on being answered as it was.
        var attacker = portal.NewVisitor();
        var first = await AttemptAsync(portal, Later, codeChallenge, attacker);
        await portal.DrainedAsync();
        await JoinBoundAsync(portal, Later);
        Assert.Equal(first[1], Observed.Of(await attacker.PostAsync("login", new { email = Later, password = Attackers, codeChallenge }),
            Later));
    }

    [Fact]
    public async Task Registering_and_signing_in_on_the_pages_is_answered_alike_with_and_without_an_account()
    {
        await using var portal = await PublishedPortal.StartAsync(NoCooldown);
        await portal.JoinAsync(Known);
        Assert.Equal(await AttemptOnPagesAsync(portal, Unknown), await AttemptOnPagesAsync(portal, Known));
    }

    [Fact]
    public async Task A_registration_of_a_taken_address_changes_nothing_of_its_account()
    {
        await using var portal = await PublishedPortal.StartAsync(NoCooldown);
        await portal.JoinAsync(Known);
        var owner = portal.NewVisitor();
        var before = (await owner.GetAsync("/api/auth/me", (await owner.SignInAsync(Known))["token"])).Json;
        var attacker = portal.NewVisitor();
        var codes = portal.CodesFor(Known).Count;
        await attacker.PostAsync("register", new { email = Known, password = Attackers, firstName = "Eve", lastName = "Eve",
            mobile = "+447700900123" }).Is(HttpStatusCode.Accepted);
        await attacker.PostAsync("login", new { email = Known, password = Attackers });
        await portal.DrainedAsync();

        // Even if the owner enters every code that comes of it, wherever.
        foreach (var otp in portal.CodesFor(Known).Skip(codes))
        {
            await owner.PostAsync("verify-email-otp", new { email = Known, otp });
            await owner.PostAsync("login", new { email = Known, otp });
        }

        Assert.NotEqual(HttpStatusCode.OK, (await attacker.PostAsync("login", new { email = Known, password = Attackers })).Status);
        var after = (await owner.GetAsync("/api/auth/me", (await owner.SignInAsync(Known))["token"])).Json;
        foreach (var member in new[] { "firstName", "lastName", "mobile", "mobileVerified", "userName" })
        {
            Assert.Equal(before.GetProperty(member).ToString(), after.GetProperty(member).ToString());
        }
    }

    [Fact]
    public async Task A_person_who_registers_verifies_and_signs_in_without_a_binding_keeps_the_registered_names()
    {
        await using var portal = await PublishedPortal.StartAsync();
        var ann = portal.NewVisitor();
        await ann.PostAsync("register", new { email = Unknown, password = Accounts.Password, firstName = "Ann", lastName = "Ellis" })
            .Is(HttpStatusCode.Accepted);
        await ann.PostAsync("verify-email-otp", new { email = Unknown, otp = await portal.CodeForAsync(Unknown) }).Is(HttpStatusCode.OK);
        Assert.Equal("Ann", (await ann.SignInAsync(Unknown))["firstName"]);
    }

    private static async Task<string[]> AttemptAsync(PublishedPortal portal, string email, string? codeChallenge, Visitor? who = null)
    {
        var attacker = who ?? portal.NewVisitor();
        return
        [
            Observed.Of(await attacker.PostAsync("register",
                new { email, password = Attackers, firstName = "Ann", lastName = "Ellis", codeChallenge }), email),
            Observed.Of(await attacker.PostAsync("login", new { email, password = Attackers, codeChallenge }), email),
            Observed.Of(await attacker.PostAsync("login", new { email, password = "not what was typed", codeChallenge }), email),
        ];
    }

    private static async Task<string[]> AttemptOnPagesAsync(PublishedPortal portal, string email)
    {
        var attacker = portal.NewVisitor();
        var register = await attacker.SubmitAsync(
            await attacker.OpenAsync("/register"), "Create account", ("Email", email), ("Password", Attackers), ("First name", "Ann"),
                ("Last name", "Ellis"));
        var login = await attacker.SubmitAsync(await attacker.OpenAsync("/login"), "Sign in", ("Email", email), ("Password", Attackers));
        return [$"{register.Status} {register.Header("Location")}", $"{login.Status} {login.Header("Location")}"];
    }

    private static async Task JoinBoundAsync(PublishedPortal portal, string email)
    {
        var owner = portal.NewVisitor();
        var codes = portal.CodesFor(email).Count;
        await owner.SubmitAndFollowAsync(
            await owner.OpenAsync("/register"), "Create account", ("Email", email), ("Password", Accounts.Password), ("First name", "Ann"),
                ("Last name", "Ellis"));
        var account = await owner.SubmitAndFollowAsync(await owner.OpenAsync("/verify"), "Verify",
            ("Code", await portal.CodeForAsync(email, codes + 1)));
        Assert.Equal("/account", account.Path);
    }
}
