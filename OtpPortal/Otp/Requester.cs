namespace OtpPortal.Otp;

/// <summary>The client that requests a code.</summary>
/// <param name="Binding">The binding of the code.</param>
/// <param name="Browser">The browser family, like "Firefox on Windows", which the message mentions. Null if it is not known.</param>
public sealed record Requester(Binding Binding, string? Browser = null)
{
    /// <summary>A requester whose browser is not known.</summary>
    public static implicit operator Requester(Binding binding) => new(binding);
}
