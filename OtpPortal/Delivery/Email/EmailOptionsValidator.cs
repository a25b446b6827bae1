using System.Net.Mail;
using Microsoft.Extensions.Options;
using OtpPortal.Hosting;

namespace OtpPortal.Delivery.Email;

/// <summary>
/// Refuses to start with a mail server or templates that cannot work, and outside Development also without a mail server.
/// </summary>
internal sealed class EmailOptionsValidator(IHostEnvironment environment) : IValidateOptions<EmailOptions>
{
    public ValidateOptionsResult Validate(string? name, EmailOptions options)
    {
        var faults = new List<string>();
        if (!environment.IsDevelopment() && string.IsNullOrWhiteSpace(options.Smtp.Host))
        {
            faults.Add(
                "Email:Smtp:Host is not set. Allowed: the name of the mail server that sends the codes. Only in Development does the "
                    + "portal keep its mail to itself.");
        }

        if (!environment.IsDevelopment() && string.IsNullOrWhiteSpace(options.From))
        {
            faults.Add("Email:From is not set. Allowed: the sender's address, like \"Portal <no-reply@example.com>\".");
        }
        else if (options.From is not null && !MailAddress.TryCreate(options.From, out _))
        {
            faults.Add($"Email:From is \"{options.From}\". Allowed: an address, like \"Portal <no-reply@example.com>\".");
        }

        faults.AddRange(AllowedRangeAttribute.Faults(EmailOptions.Section, options));
        if (!Enum.IsDefined(options.Smtp.Security))
        {
            faults.Add($"Email:Smtp:Security is {options.Smtp.Security}. Allowed: {string.Join(", ", Enum.GetNames<SmtpSecurity>())}.");
        }

        if (options.Smtp.UserName is null != options.Smtp.Password is null)
        {
            faults.Add(
                "Email:Smtp:UserName and Email:Smtp:Password belong together, and only one of them is set. Allowed: both, or neither.");
        }

        faults.AddRange(TemplateFolder.Read(options.TemplatesPath, environment.ContentRootPath).Faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
