using Microsoft.AspNetCore.Components.Forms;
using OtpPortal.Accounts;

namespace OtpPortal.Components.Controls;

/// <summary>The errors of a form's fields.</summary>
internal static class FormErrors
{
    /// <summary>Shows each error beside its field.</summary>
    public static void Show(this EditContext form, params IEnumerable<FieldError> errors)
    {
        var messages = new ValidationMessageStore(form);
        foreach (var error in errors)
        {
            messages.Add(form.Field(error.Field), error.Message);
        }

        form.NotifyValidationStateChanged();
    }
}
