using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Commands;

/// <summary>Creates a small database with demo accounts for people who evaluate the portal. The README lists their passwords.</summary>
internal static class MakeExampleCommand
{
    /// <summary>The first argument on the command line.</summary>
    public const string Command = "make-example";

    private static readonly (string Id, string Email, string FirstName, string LastName, string? Password)[] People =
    [
        (ExampleAccounts.Ann, "ann@example.com", "Ann", "Ellis", "ann likes small words"),
        (ExampleAccounts.Bob, "bob@example.com", "Bob", "Okafor", "bob likes them as well"),
        (ExampleAccounts.Chi, "chi@example.com", "Chi", "Tanaka", null),
    ];

    /// <param name="path">A file that does not exist yet.</param>
    /// <exception cref="StartupException">The file exists, or cannot be created.</exception>
    /// <returns>The full path of the file.</returns>
    public static async Task<string> MakeAsync(string path)
    {
        if (File.Exists(path))
        {
            throw new StartupException($"{Command} does not overwrite {path}. Remove it first, or choose another file.");
        }

        var file = new DatabaseFile($"Data Source={path}", Directory.GetCurrentDirectory());
        await file.PrepareAsync();
        await using var lane = new WriteLane(file, TimeProvider.System);
        await lane.RunAsync(
            db => ExampleAccounts.AddAsync(
                db, People.Select(person => Account(person.Id, person.Email, person.FirstName, person.LastName, person.Password))),
            CancellationToken.None);
        return file.Path;
    }

    private static PortalUser Account(string id, string email, string firstName, string lastName, string? password)
    {
        var user = new PendingRegistrations(TimeProvider.System).NewAccount(EmailAddress.FromStored(email));

        // The ids are the same in every example database, so that the accounts can be recognised and blocked outside Development.
        user.Id = id;
        user.FirstName = firstName;
        user.LastName = lastName;
        user.PasswordHash = password is null ? null : new PortalPasswordHasher().HashPassword(user, password);
        user.RegisteredAt = TimeProvider.System.GetUtcNow();
        return user;
    }
}
