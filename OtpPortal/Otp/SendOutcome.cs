using OtpPortal.Hosting;

namespace OtpPortal.Otp;

/// <summary>The outcome of a request for a code.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>
    /// The request was accepted, and the code is stored together with its message. The outcome is the same for an address without an
    /// account.
    /// </summary>
    /// <param name="Cooldown">The time until the next send.</param>
    /// <param name="ExpiresIn">How long the code is valid.</param>
    public sealed record Sent(TimeSpan Cooldown, TimeSpan ExpiresIn) : SendOutcome;

    /// <summary>The request was refused, and nothing has changed.</summary>
    /// <param name="Reason">The rule that refused it.</param>
    /// <param name="Wait">The time until a send is accepted again.</param>
    public sealed record Refused(SendRefusal Reason, TimeSpan Wait) : SendOutcome
    {
        /// <see cref="Wait"/> in seconds, rounded up.
        public int SecondsLeft => Wait.CeilingSeconds();
    }
}

/// <summary>Why a code was not sent.</summary>
public enum SendRefusal
{
    /// <summary>The last send was too recent.</summary>
    Cooldown,

    /// <summary>The number of sends in an hour is reached.</summary>
    HourlyCap,

    /// <summary>The number of sends in a day is reached.</summary>
    DailyCap,

    /// <summary>The failure budget is spent.</summary>
    Locked,
}

/// <summary>Words for refusals, for pages and API alike.</summary>
public static class SendRefusals
{
    /// <summary>The reason as a sentence without its full stop.</summary>
    public static string Describe(this SendRefusal refusal) => refusal switch
    {
        SendRefusal.Cooldown => "A code was sent a moment ago",
        SendRefusal.HourlyCap or SendRefusal.DailyCap => "Too many codes were sent",
        SendRefusal.Locked => "Too many wrong codes",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal)),
    };
}
