using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>A registration whose fields are right. The password is not hashed yet.</summary>
internal sealed record ValidRegistration(
    EmailAddress Email, string Password, string? FirstName, string? LastName, string? UserName, MobileNumber? Mobile)
{
    /// <summary>What is kept of it.</summary>
    public RegistrationData With(string passwordHash) => new(passwordHash, FirstName, LastName, UserName, Mobile);

    /// <summary>Without the password.</summary>
    public override string ToString() => "******";
}

/// <summary>Checks what a registrant typed: everything that is wrong at once, each with what to do about it.</summary>
internal static class RegistrationRules
{
    private const int MaxNameLength = 100;

    /// <summary>Reads a registration.</summary>
    /// <param name="request">As typed.</param>
    /// <param name="needsDot">Whether the name of a mail domain must have a dot.</param>
    /// <param name="errors">What is wrong; empty if nothing is.</param>
    /// <returns>Null if something is wrong.</returns>
    public static ValidRegistration? Check(RegistrationForm request, bool needsDot, out List<FieldError> errors)
    {
        var found = errors = [];
        var email = EmailAddress.Parse(request.Email, out var emailError);
        if (email is not null && needsDot && !email.HasDottedDomain)
        {
            emailError = $"The part after the @ is not a valid mail domain. {EmailAddress.Example}";
        }

        Add(nameof(request.Email), emailError);
        Add(nameof(request.Password), PasswordRules.Check(request.Password, email?.Value));
        Add(nameof(request.ConfirmPassword), PasswordRules.CheckConfirmation(request.Password, request.ConfirmPassword));
        var first = Name(nameof(request.FirstName), request.FirstName, "first name");
        var last = Name(nameof(request.LastName), request.LastName, "last name");
        var mobile = MobileNumber.Parse(request.Mobile, out var mobileError);
        Add(nameof(request.Mobile), mobileError);
        var userName = UserName.Parse(request.UserName, out var userNameError);
        Add(nameof(request.UserName), userNameError);
        return found.Count > 0 ? null : new ValidRegistration(email!, request.Password!, first, last, userName, mobile);

        void Add(string field, string? error)
        {
            if (error is not null)
            {
                found.Add(new FieldError(field, error));
            }
        }

        string? Name(string field, string? name, string what)
        {
            var trimmed = name?.Trim();
            Add(field, trimmed switch
            {
                "" => $"Enter your {what}.",
                { Length: > MaxNameLength } => $"This {what} is longer than {MaxNameLength} characters. Shorten it.",
                not null when trimmed.Any(char.IsControl) || Nfkc.Normalise(trimmed) is null =>
                    $"This {what} contains characters that cannot be shown. Remove them.",
                _ => null,
            });
            return trimmed;
        }
    }
}
