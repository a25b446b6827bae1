namespace OtpPortal.Accounts;

/// <summary>What is wrong with one thing that a person typed, and what to do about it.</summary>
/// <param name="Field">The field's name in the request: <c>Email</c>, <c>Password</c> …</param>
/// <param name="Message">A sentence for the person.</param>
public sealed record FieldError(string Field, string Message);
