using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>Finds the owners of identifiers. Accounts implement this, because codes do not depend on accounts.</summary>
public interface IIdentifierOwners
{
    /// <summary>The email address of an identifier's owner, or null.</summary>
    Task<EmailAddress?> FindAddressAsync(PortalDbContext db, Identifier identifier);
}
