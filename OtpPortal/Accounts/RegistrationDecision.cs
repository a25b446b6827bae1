namespace OtpPortal.Accounts;

/// <summary>What becomes of what a registrant typed.</summary>
internal enum RegistrationChange
{
    /// <summary>Nothing is written.</summary>
    LeaveAlone,

    /// <summary>It takes the place of what the same browser or program typed before.</summary>
    Replace,

    /// <summary>It is written, but the code proves the address alone: nobody can say which of two registrants the owner is.</summary>
    ReplaceContested,

    /// <summary>It is not written, and what was typed before becomes contested.</summary>
    Contest,
}

/// <summary>Decides what becomes of a registration, from what was there and whether its code was sent.</summary>
internal static class RegistrationDecision
{
    /// <summary>Decides.</summary>
    /// <param name="isSent">Whether a code was sent: a stranger who registers the address during the cooldown leaves nothing.</param>
    /// <param name="isBound">Whether the registrant is told apart by a binding. Registrants without one share a row.</param>
    /// <param name="hasPrior">Whether the same binding registered the address before.</param>
    /// <param name="isSamePassword">Whether the password was the same then, which tells apart registrants without a binding.</param>
    public static RegistrationChange Decide(bool isSent, bool isBound, bool hasPrior, bool isSamePassword)
    {
        var isContested = !isBound && hasPrior && !isSamePassword;
        var isWritten = isSent || (isBound && hasPrior);
        return (isWritten, isContested) switch
        {
            (true, false) => RegistrationChange.Replace,
            (true, true) => RegistrationChange.ReplaceContested,
            (false, true) => RegistrationChange.Contest,
            _ => RegistrationChange.LeaveAlone,
        };
    }
}
