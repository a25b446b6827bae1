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
        (Registration, "New accounts, and codes of every purpose."),
        (SignIn, "Signing in with a password or a code, refreshing tokens and signing out."),
        (Passwords, "Resetting a forgotten password: a code, the reset token, the new password."),
        (Proxies, "Forward authentication for other applications."),
        (Keys, "The public keys that verify the portal's tokens."),
        (Administration, "Statistics for administrators."),
    ];
}
