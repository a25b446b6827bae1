namespace OtpPortal.Accounts;

/// <summary>The section <c>SignIn</c> of the configuration.</summary>
public sealed class PortalSignInOptions
{
    public const string Section = "SignIn";

    /// <summary>Whether a code is required after the password. Default <see cref="SecondFactor.None"/>.</summary>
    public SecondFactor SecondFactor { get; init; } = SecondFactor.None;
}

/// <summary>What is required after the password.</summary>
public enum SecondFactor
{
    /// <summary>Nothing is required. A code without a password signs in too.</summary>
    None,

    /// <summary>A code is required from everyone. A code without the password signs nobody in.</summary>
    Code,
}
