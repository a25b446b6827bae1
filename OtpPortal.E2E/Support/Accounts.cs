using System.Net;

namespace OtpPortal.E2E.Support;

/// <summary>What people do with accounts through the API, in the order in which they do it.</summary>
internal static class Accounts
{
    public const string Password = "three small words";

    /// <summary>Makes a verified account.</summary>
    public static async Task JoinAsync(this PublishedPortal portal, string email, string password = Password, string? mobile = null)
    {
        var owner = portal.NewVisitor();
        var before = portal.CodesFor(email).Count;
        await Prompt.AgainAsync(() => owner.PostAsync("register", new { email, password, mobile })).Is(HttpStatusCode.Accepted);
        var otp = await portal.CodeForAsync(email, before + 1);
        await Prompt.AgainAsync(() => owner.PostAsync("verify-email-otp", new { email, otp })).Is(HttpStatusCode.OK);
    }

    /// <summary>Signs in with a password: the tokens.</summary>
    public static Task<Reply> SignInAsync(this Visitor visitor, string email, string password = Password) =>
        Prompt.AgainAsync(() => visitor.PostAsync("login", new { email, password })).Is(HttpStatusCode.OK);

    /// <summary>Signs in on the pages with a password.</summary>
    public static async Task<Reply> SignInOnPagesAsync(this Visitor visitor, string email, string password = Password) =>
        await visitor.SubmitAndFollowAsync(await visitor.OpenAsync("/login"), "Sign in", ("Email", email), ("Password", password));

    /// <summary>A code that is not that one.</summary>
    public static string OtherThan(string code) => (code[0] == '0' ? '1' : '0') + code[1..];
}
