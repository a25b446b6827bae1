using OtpPortal.Hosting;

namespace OtpPortal.Otp;

/// <summary>What came of asking for a code.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>Accepted: the code is stored, and its message with it. The same for an address without an account.</summary>
    /// <param name="Cooldown">Time until the next send.</param>
    /// <param name="ExpiresIn">Time until the code stops being valid.</param>
    public sealed record Sent(TimeSpan Cooldown, TimeSpan ExpiresIn) : SendOutcome;

    /// <summary>Refused; nothing has changed.</summary>
    /// <param name="Reason">Which rule refused it.</param>
    /// <param name="Wait">Time until a send is accepted again.</param>
    public sealed record Refused(SendRefusal Reason, TimeSpan Wait) : SendOutcome
    {
        /// <summary><see cref="Wait"/> in seconds, rounded up: after them it is over.</summary>
        public int SecondsLeft => Wait.CeilingSeconds();
    }
}

/// <summary>Why a code was not sent.</summary>
public enum SendRefusal
{
    /// <summary>The last one is too recent.</summary>
    Cooldown,

    /// <summary>As many as an hour may have were sent.</summary>
    HourlyCap,

    /// <summary>As many as a day may have were sent.</summary>
    DailyCap,

    /// <summary>The failure budget is spent.</summary>
    Locked,
}
