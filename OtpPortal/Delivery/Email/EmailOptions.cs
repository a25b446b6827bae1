using OtpPortal.Hosting;

namespace OtpPortal.Delivery.Email;

/// <summary>The section <c>Email</c> of the configuration.</summary>
public sealed class EmailOptions
{
    public const string Section = "Email";

    /// <summary>The sender, as in <c>Portal &lt;no-reply@example.com&gt;</c>. No default outside Development.</summary>
    public string? From { get; init; }

    /// <summary>A folder of files that replace the texts of the built-in mails, relative to the content root. None by default.</summary>
    public string? TemplatesPath { get; init; }

    public SmtpOptions Smtp { get; init; } = new();
}

/// <summary>The mail server: the section <c>Email:Smtp</c>.</summary>
public sealed class SmtpOptions
{
    /// <summary>
    /// The name or address of the server. Without it, Development captures mail in its inbox, and Production does not start.
    /// </summary>
    public string? Host { get; init; }

    /// <summary>The default is the port for message submission (RFC 6409).</summary>
    [AllowedRange(1, 65535, Hint = "; 587 and 465 are usual")]
    public int Port { get; init; } = 587;

    /// <summary>The user name; none for a server without authentication.</summary>
    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>How the connection is secured. Default <see cref="SmtpSecurity.Auto"/>.</summary>
    public SmtpSecurity Security { get; init; } = SmtpSecurity.Auto;
}

/// <summary>How the connection to the mail server is secured.</summary>
public enum SmtpSecurity
{
    /// <summary>
    /// TLS from the start on port 465. On other ports STARTTLS, which is required if a password is sent, and otherwise used if the server
    /// offers it.
    /// </summary>
    Auto,

    /// <summary>No encryption.</summary>
    None,

    /// <summary>STARTTLS (RFC 3207), required.</summary>
    StartTls,

    /// <summary>TLS from the start (RFC 8314).</summary>
    Tls,
}
