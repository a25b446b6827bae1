using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>The section <c>Admin</c> of the configuration.</summary>
public sealed class AdminOptions
{
    public const string Section = "Admin";

    /// <summary>
    /// Addresses, separated by commas. Their verified accounts become administrators when they sign in. Empty by default.
    /// </summary>
    public string Emails { get; init; } = "";

    internal IEnumerable<string> Addresses => Emails.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether the list contains an address.</summary>
    public bool Names(EmailAddress email) => Addresses.Any(address => EmailAddress.Parse(address, out _) == email);
}

/// <summary>Refuses entries that are not email addresses.</summary>
internal sealed class AdminOptionsValidator : IValidateOptions<AdminOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        var faults = options.Addresses.Where(address => EmailAddress.Parse(address, out _) is null)
            .Select(address => $"Admin:Emails has \"{address}\". Allowed: mail addresses, separated by commas.")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
