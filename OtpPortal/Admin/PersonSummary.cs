namespace OtpPortal.Admin;

/// <summary>An account in a list.</summary>
/// <param name="Id">The account.</param>
/// <param name="Email">Its address.</param>
/// <param name="Name">First and last name; empty where none was given.</param>
/// <param name="IsVerified">Whether a code to the address was entered.</param>
/// <param name="IsAdmin">Whether the person is an administrator.</param>
/// <param name="IsLocked">Whether a failure budget is spent.</param>
/// <param name="RegisteredAt">When it was registered.</param>
/// <param name="LastSignInAt">When the person last signed in.</param>
public sealed record PersonSummary(
    string Id, string Email, string Name, bool IsVerified, bool IsAdmin, bool IsLocked, DateTimeOffset RegisteredAt,
        DateTimeOffset? LastSignInAt);

/// <summary>A page of a list.</summary>
/// <param name="People">The newest account first.</param>
/// <param name="Next">The account before which the list goes on; null at its end.</param>
/// <param name="IsStopped">Whether the search was stopped because it took too long: there may be more people before
/// <paramref name="Next"/>, or none.</param>
public sealed record PeopleList(IReadOnlyList<PersonSummary> People, string? Next, bool IsStopped);
