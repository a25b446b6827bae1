using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>
/// Identity's PBKDF2 over the password in normalisation form C (RFC 8265 §4.2): the same accent typed on two keyboards is the same
/// password.
/// </summary>
internal sealed class PortalPasswordHasher(IOptions<PasswordHasherOptions> strength) : PasswordHasher<PortalUser>(strength)
{
    /// <summary>The number that OWASP recommends for PBKDF2 with HMAC-SHA512.</summary>
    public const int Iterations = 210_000;

    public PortalPasswordHasher()
        : this(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }))
    {
    }

    public override string HashPassword(PortalUser user, string password) => base.HashPassword(user, Normalise(password));

    public override PasswordVerificationResult VerifyHashedPassword(PortalUser user, string hashedPassword, string providedPassword) =>
        base.VerifyHashedPassword(user, hashedPassword, Normalise(providedPassword));

    private static string Normalise(string password)
    {
        try
        {
            return password.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // A lone surrogate cannot be normalised, but a password may contain one.
            return password;
        }
    }
}
