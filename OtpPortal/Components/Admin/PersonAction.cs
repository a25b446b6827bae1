using OtpPortal.Admin;

namespace OtpPortal.Components.Admin;

/// <summary>Something that an administrator can do to an account: its texts, and the use case behind them.</summary>
/// <param name="Name">The name in URLs.</param>
/// <param name="Button">The label of the button.</param>
/// <param name="Help">What the action does, in a sentence.</param>
/// <param name="DoAsync">Takes the ids of the account and of the administrator.</param>
public sealed record PersonAction(
    string Name, string Button, string Help, Func<string, string, CancellationToken, Task<PersonOutcome>> DoAsync)
{
    /// <summary>Whether the account's state allows the action; the second argument says whether it is the administrator's own.</summary>
    public required Func<PersonDetails, bool, bool> IsFor { get; init; }

    /// <summary>The question that the administrator confirms.</summary>
    public required string Title { get; init; }

    /// <summary>What follows from the action, in sentences.</summary>
    public required IReadOnlyList<string> Consequences { get; init; }

    /// <summary>All actions.</summary>
    /// <param name="actions">The use cases.</param>
    /// <param name="email">The account's address; null if the account does not exist.</param>
    /// <param name="isYourself">Whether the account is the administrator's own.</param>
    /// <param name="kept">How long the activity log is kept, in words.</param>
    internal static IReadOnlyList<PersonAction> All(PeopleActions actions, string? email, bool isYourself, string kept) =>
    [
        new("sessions", "End sessions", "Signs the person out everywhere.", actions.EndSessionsAsync)
        {
            IsFor = (about, _) => about.IsVerified,
            Title = $"End all sessions of {email}?",
            Consequences =
            [
                "The person is signed out of every browser and every app with the next request. "
                    + "Codes that were not entered yet stop working."
                    + (isYourself ? " This is your own account: you are signed out here too." : ""),
                "The password stays valid, and anybody who knows it can sign in again. "
                    + "If somebody else may know it, ask the person to set a new one with \"Forgot password?\". That ends all sessions.",
            ],
        },
        new("unlock", "Unlock", "Allows codes and passwords to be tried again.", actions.UnlockAsync)
        {
            IsFor = (_, _) => true,
            Title = $"Unlock {email}?",
            Consequences =
            [
                "The counts of wrong codes and wrong passwords are reset, for the address and for the mobile number. "
                    + "The person can try again at once.",
                "Anybody else can try again as well: check in the activity below that the person made the failed attempts. "
                    + "The cooldown between two codes and the limits per hour and per day stay.",
            ],
        },
        new("delete", "Delete", "Deletes the account permanently.", actions.DeleteAsync)
        {
            IsFor = (about, yourself) => !about.IsAdmin && !yourself,
            Title = $"Delete the account of {email}?",
            Consequences =
            [
                "The account is deleted with its names, mobile number and password. "
                    + "All its sessions end, its codes stop working, and waiting messages to it are not sent. This cannot be undone.",
                "The person is not notified, and can register the address again.",
                $"The activity log keeps its events about the address for {kept}.",
            ],
        },
    ];
}
