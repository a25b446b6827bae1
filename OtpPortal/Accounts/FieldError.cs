namespace OtpPortal.Accounts;

/// <summary>An error in one input field, and what to do about it.</summary>
/// <param name="Field">The field's name in the request, like <c>Email</c>.</param>
/// <param name="Message">A sentence for the person.</param>
public sealed record FieldError(string Field, string Message);
