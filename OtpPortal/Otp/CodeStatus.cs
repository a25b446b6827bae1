namespace OtpPortal.Otp;

/// <summary>What a page may show of a stored code. It does not reveal whether the address has an account.</summary>
/// <param name="IsWaiting">Whether the code can still be redeemed.</param>
/// <param name="NextSendAt">When the next code may be sent.</param>
/// <param name="Refusal">The rule that refuses to send a code until then.</param>
public sealed record CodeStatus(
    DateTimeOffset SentAt, DateTimeOffset ExpiresAt, bool IsWaiting, DateTimeOffset NextSendAt, SendRefusal Refusal);
