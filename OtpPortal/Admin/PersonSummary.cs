namespace OtpPortal.Admin;

/// <summary>An account in a list.</summary>
/// <param name="Name">First and last name; empty where none was given.</param>
/// <param name="IsVerified">Whether a code to the address was entered.</param>
/// <param name="IsLocked">Whether a failure budget is spent.</param>
public sealed record PersonSummary(
    string Id, string Email, string Name, bool IsVerified, bool IsAdmin, bool IsLocked, DateTimeOffset RegisteredAt,
        DateTimeOffset? LastSignInAt);

/// <summary>A page of a list.</summary>
/// <param name="People">The newest account first.</param>
/// <param name="Next">The position at which the next page begins; null at the end of the list.</param>
/// <param name="IsStopped">Whether the search was stopped because it took too long: there may be more people before
/// <paramref name="Next"/>, or nobody.</param>
public sealed record PeopleList(IReadOnlyList<PersonSummary> People, string? Next, bool IsStopped);
