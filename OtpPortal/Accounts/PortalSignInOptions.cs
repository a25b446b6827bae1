namespace OtpPortal.Accounts;

/// <summary>The section <c>SignIn</c> of the configuration.</summary>
public sealed class PortalSignInOptions
{
    public const string Section = "SignIn";

    /// <summary>Whether a code is asked for after the password. Default <see cref="SecondFactor.None"/>.</summary>
    public SecondFactor SecondFactor { get; init; } = SecondFactor.None;
}

/// <summary>What is asked for after the password.</summary>
public enum SecondFactor
{
    /// <summary>Nothing; a code alone signs in too.</summary>
    None,

    /// <summary>A code, for everyone. A code without the password signs nobody in.</summary>
    Code,
}
