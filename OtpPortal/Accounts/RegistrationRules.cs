using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>A registration whose fields are valid. The password is not hashed yet.</summary>
internal sealed record ValidRegistration(
    EmailAddress Email, string Password, string? FirstName, string? LastName, string? UserName, MobileNumber? Mobile)
{
    public RegistrationData With(string passwordHash) => new(passwordHash, FirstName, LastName, UserName, Mobile);

    public override string ToString() => "******";
}

/// <summary>Checks a registrant's input, and finds all errors at once.</summary>
internal static class RegistrationRules
{
    private const int MaxNameLength = 100;

    /// <param name="needsDot">Whether the name of a mail domain must have a dot.</param>
    /// <returns>Null if there are errors.</returns>
    public static ValidRegistration? Check(RegistrationForm request, bool needsDot, out List<FieldError> errors)
    {
        errors = [];
        var email = ReadEmail(request.Email, needsDot, errors);
        Add(errors, nameof(request.Password), PasswordRules.Check(request.Password, email?.Value));
        Add(
            errors,
            nameof(request.ConfirmPassword),
            PasswordRules.CheckConfirmation(request.Password, request.ConfirmPassword));
        var firstName = ReadName(nameof(request.FirstName), request.FirstName, "first name", errors);
        var lastName = ReadName(nameof(request.LastName), request.LastName, "last name", errors);
        var mobile = MobileNumber.Parse(request.Mobile, out var mobileError);
        Add(errors, nameof(request.Mobile), mobileError);
        var userName = UserName.Parse(request.UserName, out var userNameError);
        Add(errors, nameof(request.UserName), userNameError);
        return errors.Count > 0 ? null : new ValidRegistration(email!, request.Password!, firstName, lastName, userName, mobile);
    }

    private static EmailAddress? ReadEmail(string? typed, bool needsDot, List<FieldError> errors)
    {
        var email = EmailAddress.Parse(typed, out var error);
        if (email is not null && needsDot && !email.HasDottedDomain)
        {
            error = $"The part after the @ is not a valid mail domain. {EmailAddress.Example}";
        }

        Add(errors, nameof(RegistrationForm.Email), error);
        return email;
    }

    private static string? ReadName(string field, string? name, string label, List<FieldError> errors)
    {
        var trimmed = name?.Trim();
        Add(errors, field, trimmed switch
        {
            "" => $"Enter your {label}.",
            { Length: > MaxNameLength } => $"This {label} is longer than {MaxNameLength} characters. Shorten it.",
            not null when trimmed.Any(char.IsControl) || Nfkc.Normalise(trimmed) is null =>
                $"This {label} contains characters that cannot be shown. Remove them.",
            _ => null,
        });
        return trimmed;
    }

    private static void Add(List<FieldError> errors, string field, string? error)
    {
        if (error is not null)
        {
            errors.Add(new FieldError(field, error));
        }
    }
}
