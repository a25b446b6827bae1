using Microsoft.AspNetCore.Identity;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>placeholder until the data branch is merged</summary>
public sealed class PasswordHashing(IPasswordHasher<PortalUser> hasher)
{
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) => Task.FromResult(hasher.HashPassword(new PortalUser(), password));

    public Task<PasswordVerificationResult> VerifyAsync(string hash, string password, CancellationToken cancellationToken) =>
        Task.FromResult(hasher.VerifyHashedPassword(new PortalUser(), hash, password));
}
