using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>Knows whom an identifier belongs to. Accounts implement it, because codes know nothing of accounts.</summary>
public interface IIdentifierOwners
{
    /// <summary>The email address of an identifier's owner, or null.</summary>
    Task<EmailAddress?> FindAddressAsync(PortalDbContext db, Identifier identifier);
}
