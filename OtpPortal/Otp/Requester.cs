namespace OtpPortal.Otp;

/// <summary>Who asks for a code.</summary>
/// <param name="Binding">Who may redeem it.</param>
/// <param name="Browser">What kind of browser asks, as in "Firefox on Windows": its receiver is told. Null where that is not known.</param>
public sealed record Requester(Binding Binding, string? Browser = null)
{
    /// <summary>Somebody of whom no more is known.</summary>
    public static implicit operator Requester(Binding binding) => new(binding);
}
