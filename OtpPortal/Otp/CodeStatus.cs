namespace OtpPortal.Otp;

/// <summary>What a page may show of the stored row. It says nothing about whether the address has an account.</summary>
/// <param name="SentAt">When the current code was sent.</param>
/// <param name="ExpiresAt">When it stops being valid.</param>
/// <param name="IsWaiting">Whether it can still be redeemed.</param>
/// <param name="NextSendAt">From when on a send is accepted.</param>
/// <param name="Refusal">What refuses a send until then.</param>
public sealed record CodeStatus(
    DateTimeOffset SentAt, DateTimeOffset ExpiresAt, bool IsWaiting, DateTimeOffset NextSendAt, SendRefusal Refusal);
