namespace OtpPortal.Api.OpenApi;

/// <summary>The headings of the document.</summary>
internal static class Tags
{
    public const string Registration = "Registration";
    public const string SignIn = "Sign-in";
    public const string Passwords = "Passwords";
    public const string Proxies = "Proxies";
    public const string Keys = "Keys";
    public const string Administration = "Administration";

    /// <summary>The headings with their texts, in their order.</summary>
    public static readonly IReadOnlyList<(string Name, string Text)> All =
    [
        (Registration, "A new account, and codes of every purpose."),
        (SignIn, "With a password or a code; tokens and their ends."),
        (Passwords, "A forgotten password: a code, the token that it yields, the new password."),
        (Proxies, "The portal in front of other applications."),
        (Keys, "What others verify the portal's tokens with."),
        (Administration, "What administrators read."),
    ];
}
