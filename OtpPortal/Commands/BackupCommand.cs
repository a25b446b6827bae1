using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Hosting;
using OtpPortal.Otp;

namespace OtpPortal.Commands;

/// <summary>Saves the database into a file, whether the portal runs or not.</summary>
internal sealed class BackupCommand(DatabaseFile file, OtpOptions options, TextWriter output)
{
    /// <summary>The first argument on the command line.</summary>
    public const string Command = "backup";

    private const string Usage = $"""
        Write: {Command} FILE    saves the database into FILE, which must not exist yet, while the portal runs
        Keys of the configuration may stand behind it, as for the portal: --ConnectionStrings:Portal "Data Source=app.db"
        """;

    /// <summary>
    /// The arguments for the configuration: those without the file. A path that begins with a slash looks like a key, and the configuration
    /// would take the next argument as its value.
    /// </summary>
    public static string[] Settings(string[] arguments) =>
        arguments is [Command, .. var rest] && AdminCommand.Format(rest) is var words
            ? [.. arguments.Where(argument => !words.Contains(argument))]
            : arguments;

    /// <summary>Runs the command. The portal need not be started.</summary>
    /// <param name="arguments">The arguments after the command.</param>
    /// <returns>The exit code: 0 if there is a valid copy, 1 otherwise.</returns>
    /// <exception cref="StartupException">The configuration is wrong.</exception>
    public static Task<int> RunAsync(IServiceProvider services, IReadOnlyList<string> arguments, TextWriter output)
    {
        services.CheckConfiguration();
        var options = services.GetRequiredService<IOptions<OtpOptions>>().Value;
        return new BackupCommand(services.GetRequiredService<DatabaseFile>(), options, output).RunAsync(arguments);
    }

    private async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (AdminCommand.Format(arguments) is not [{ Length: > 0 } typed])
        {
            return Fail(Usage);
        }

        var target = Path.GetFullPath(typed);
        return CheckTarget(target) is { } why ? Fail(why)
            : await file.CheckUsableAsync() is { } unusable ? Fail(unusable)
            : await SaveAsync(target);
    }

    private static string? CheckTarget(string target)
    {
        if (Directory.Exists(target))
        {
            return $"{target} is a folder. Enter the path of a file.";
        }

        if (Path.Exists(target))
        {
            return $"{target} already exists, and a backup does not overwrite files. Remove it first, or choose another file.";
        }

        return Directory.Exists(Path.GetDirectoryName(target))
            ? null
            : $"The folder {Path.GetDirectoryName(target)} does not exist. Create it first, or choose another one.";
    }

    private async Task<int> SaveAsync(string target)
    {
        BackupResult saved;
        try
        {
            saved = await new DatabaseBackup(file).CopyAsync(target);
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Fail(
                $"Nothing was saved: {failure.Message} Check that this user may read {file.Path} and write "
                    + $"{Path.GetDirectoryName(target)}, "
                + "and that there is enough space.");
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{file.Path} is saved in {target}: {saved.Bytes / 1_000_000.0:0.0} MB, {saved.Rows} rows, {saved.Accounts} accounts. ")
            + "It was checked, and contains everything that was saved before the backup started.");
        output.WriteLine("Save the keys too, in another place than this copy, because both together give access to the data:");
        output.WriteLine(options.HashKey is { Length: > 0 }
            ? "  Otp:HashKey, where your configuration is saved"
            : $"  cp -p \"{file.Path}.otpkey\" SAFE/");
        output.WriteLine($"  cp -pr \"{file.KeyFolder.FullName}\" SAFE/");
        return 0;
    }

    private int Fail(string why)
    {
        output.WriteLine(why);
        return 1;
    }
}
