using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Commands;

/// <summary>Grants and revokes the role of administrators on the command line, whether the portal runs or not.</summary>
internal sealed class AdminCommand(Administrators administrators, DatabaseFile file, AdminOptions options, TextWriter output)
{
    /// <summary>The first argument on the command line.</summary>
    public const string Command = "admin";

    /// <summary>Allows <c>revoke</c> for the last administrator.</summary>
    private const string Last = "--last";

    private const string By = "by the command line";

    private const string Usage = $"""
        Write one of:
          {Command} grant you@example.com     makes the verified account of this address an administrator's
          {Command} revoke you@example.com    takes that away; the last administrator's only with {Last}
          {Command} list                      says who is one
        Keys of the configuration may stand behind it, as for the portal: --ConnectionStrings:Portal "Data Source=app.db"
        """;

    /// <summary>
    /// The arguments for the configuration: those without the switch of this command, because the configuration would take the next
    /// argument as its value.
    /// </summary>
    public static string[] Settings(string[] arguments) =>
        arguments is [Command, ..] ? [.. arguments.Where(argument => argument != Last)] : arguments;

    /// <summary>Runs the command. The portal need not be started.</summary>
    /// <param name="arguments">The arguments after the command.</param>
    /// <returns>The exit code: 0 if everything is as requested, 1 otherwise.</returns>
    /// <exception cref="StartupException">The configuration is wrong.</exception>
    public static Task<int> RunAsync(IServiceProvider services, IReadOnlyList<string> arguments, TextWriter output)
    {
        services.CheckConfiguration();
        var options = services.GetRequiredService<IOptions<AdminOptions>>().Value;
        return new AdminCommand(services.GetRequiredService<Administrators>(), services.GetRequiredService<DatabaseFile>(), options,
            output).RunAsync(arguments);
    }

    private async Task<int> RunAsync(IReadOnlyList<string> arguments) => Format(arguments) switch
    {
        ["grant", var email] => await WithAsync(email, GrantAsync),
        ["revoke", var email, Last] => await WithAsync(email, address => RevokeAsync(address, evenTheLast: true)),
        ["revoke", Last, var email] => await WithAsync(email, address => RevokeAsync(address, evenTheLast: true)),
        ["revoke", var email] => await WithAsync(email, address => RevokeAsync(address, evenTheLast: false)),
        ["list"] => await IsUsableAsync() ? await ListAsync() : 1,
        _ => Fail(Usage),
    };

    private async Task<int> WithAsync(string typed, Func<EmailAddress, Task<int>> act)
    {
        if (EmailAddress.Parse(typed, out var error) is not { } email)
        {
            return Fail($"\"{typed}\" is not an email address. {error}");
        }

        try
        {
            return await IsUsableAsync() ? await act(email) : 1;
        }
        catch (Exception failure) when (failure is SqliteException or ServiceUnavailableException)
        {
            return Fail($"Nothing was changed: {failure.Message} Check that this user may write {file.Path} and its folder.");
        }
    }

    private async Task<bool> IsUsableAsync() => await file.CheckUsableAsync() is not { } why || Fail(why) == 0;

    private async Task<int> GrantAsync(EmailAddress email) => await administrators.GrantAsync(email, By, CancellationToken.None) switch
    {
        GrantOutcome.Granted => Succeed($"{email} is now an administrator. People who are signed in do not have to sign in again."),
        GrantOutcome.Already => Succeed($"{email} is already an administrator. Nothing was changed."),
        GrantOutcome.Unverified =>
            Fail($"The account of {email} is not verified: the code that was sent to it was never entered. Ask the owner to enter it, "
                + "then grant the role."),
        _ => Fail($"There is no account with the address {email}. Check it, or ask the owner to register, then grant the role."),
    };

    private async Task<int> RevokeAsync(EmailAddress email, bool evenTheLast)
    {
        var outcome = await administrators.RevokeAsync(email, evenTheLast, By, CancellationToken.None);
        var code = outcome switch
        {
            RevokeOutcome.Revoked => Succeed($"{email} is no longer an administrator. Open pages and API sessions lose access too."),
            RevokeOutcome.None => Succeed($"{email} is not an administrator. Nothing was changed."),
            RevokeOutcome.Last =>
                Fail($"{email} is the last administrator. Grant the role to somebody else first, or run: {Command} revoke {email} {Last}"),
            _ => Fail($"There is no account with the address {email}. Check it: \"{Command} list\" shows all administrators."),
        };
        if (outcome is RevokeOutcome.Revoked or RevokeOutcome.None && options.Names(email))
        {
            output.WriteLine(
                $"But Admin:Emails lists {email}, which grants the role again at the next sign-in. Remove it there, and restart the "
                    + "portal.");
        }

        return code;
    }

    private async Task<int> ListAsync()
    {
        var all = await administrators.ListAsync(CancellationToken.None);
        if (all.Count == 0)
        {
            return Succeed($"There is no administrator. Run: {Command} grant you@example.com");
        }

        var width = all.Max(one => one.Email.Length);
        foreach (var one in all)
        {
            var signedIn = one.LastSignInAt is { } at
                ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)
                : "never";
            var named = options.Names(EmailAddress.FromStored(one.Email)) ? "   listed in Admin:Emails" : "";
            output.WriteLine($"{one.Email.PadRight(width)}   last sign-in: {signedIn,-20}{named}".TrimEnd());
        }

        return 0;
    }

    private int Succeed(string what)
    {
        output.WriteLine(what);
        return 0;
    }

    private int Fail(string why)
    {
        output.WriteLine(why);
        return 1;
    }

    /// <summary>The arguments without keys of the configuration and their values.</summary>
    internal static List<string> Format(IReadOnlyList<string> arguments)
    {
        var words = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!IsKey(arguments[i]))
            {
                words.Add(arguments[i]);
            }
            else if (!arguments[i].Contains('=', StringComparison.Ordinal))
            {
                i++;
            }
        }

        return words;

        static bool IsKey(string argument) =>
            argument.StartsWith("--", StringComparison.Ordinal)
            && (argument.Contains(':', StringComparison.Ordinal)
            || argument.StartsWith("--environment", StringComparison.OrdinalIgnoreCase)
            || argument.StartsWith("--contentRoot", StringComparison.OrdinalIgnoreCase));
    }
}
