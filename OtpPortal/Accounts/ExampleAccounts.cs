using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>
/// The accounts of <c>app.db.example</c>. The README contains their passwords, so they cannot sign in outside Development: whoever tries
/// that file and then uses it in Production does not leave three accounts open. The ids are the same in every copy of the file.
/// </summary>
public sealed class ExampleAccounts(IHostEnvironment environment)
{
    internal const string Ann = "01a1fe14-da98-7ea4-b715-976bcb3b952e";
    internal const string Bob = "01a1fe14-dc3a-7f75-a85c-3fdffff07c33";
    internal const string Chi = "01a1fe14-dccd-7f27-b1f7-df7d1289cd47";

    private static readonly HashSet<string> Ids = new(StringComparer.OrdinalIgnoreCase)
    {
        Ann, Bob, Chi,

        // These accounts are from the files of earlier versions.
        "01a1fc76-1cd3-71c3-8105-32535a18f9f4", "01a1fc76-2047-702b-b3cc-cb6ba9adc890", "01a1fc76-22a5-788b-8bfe-9e2a6575b646",
        "01a1fc6c-103e-7ef8-ab68-502ddfa90899", "01a1fc6c-10cb-7d38-9bcb-0202b0d215c7", "01a1fc6c-111d-7957-97f4-a3a45d229823",
        "01a1fc57-bcd3-7eba-b6f6-10de70eea6a9", "01a1fc57-bdeb-75f4-9f5a-cea6c35819a8", "01a1fc57-be8e-7bb1-b2b6-678a6bad3d7c",
        "01a1fbf2-726c-7bee-af9d-1839601c0597", "01a1fbf2-72ea-73e3-9689-1cbf90c87c9a", "01a1fbf2-7336-7170-8fc5-25a694f9ec21",
    };

    public static async Task AddAsync(PortalDbContext db, IEnumerable<PortalUser> accounts)
    {
        db.Users.AddRange(accounts);
        await db.SaveChangesAsync();
    }

    /// <summary>Whether the account may sign in. Example accounts may do so only in Development.</summary>
    public bool MaySignIn(PortalUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return MaySignIn(user.Id);
    }

    public bool MaySignIn(string userId) => environment.IsDevelopment() || !Ids.Contains(userId);
}
