using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>A failure budget that is spent: no code is sent and none is compared.</summary>
/// <param name="Address">The normalised address or mobile number.</param>
/// <param name="Purpose">What the codes are for.</param>
/// <param name="Until">When it is over.</param>
public sealed record CodeLock(string Address, Purpose Purpose, DateTimeOffset Until);
