namespace OtpPortal.Accounts;

/// <summary>What happens to a registrant's input.</summary>
internal enum RegistrationChange
{
    /// <summary>Nothing is written.</summary>
    LeaveAlone,

    /// <summary>The input replaces what the same browser or program entered before.</summary>
    Replace,

    /// <summary>
    /// The input is stored, but the code verifies only the address, because nobody can say which of two registrants is the owner.
    /// </summary>
    ReplaceContested,

    /// <summary>The input is not stored, and what was entered before becomes contested.</summary>
    Contest,
}

/// <summary>Decides what happens to a registration.</summary>
internal static class RegistrationDecision
{
    /// <param name="isSent">Whether a code was sent. A stranger who registers the address during the cooldown leaves no trace.</param>
    /// <param name="isBound">Whether a binding distinguishes the registrant. Registrants without one share a row.</param>
    /// <param name="hasPrior">Whether the same binding registered the address before.</param>
    /// <param name="isSamePassword">Whether the password is the same as before, which distinguishes registrants without a binding.</param>
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
