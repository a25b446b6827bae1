namespace OtpPortal.Commands;

/// <summary>Finds the command that the program runs instead of starting the portal.</summary>
internal static class CommandLine
{
    /// <summary>The arguments for the configuration: those that it would misread are left out.</summary>
    public static string[] Settings(string[] arguments) => BackupCommand.Settings(AdminCommand.Settings(arguments));

    /// <summary>The command, whose result is the exit code; null if the portal is to start.</summary>
    public static Func<Task<int>>? Find(IServiceProvider services, string[] arguments) => arguments switch
    {
        [SendTestMailCommand.Command, .. var rest] => () => SendTestMailCommand.RunAsync(services, rest, Console.Out),
        [AdminCommand.Command, .. var rest] => () => AdminCommand.RunAsync(services, rest, Console.Out),
        [BackupCommand.Command, .. var rest] => () => BackupCommand.RunAsync(services, rest, Console.Out),
        _ => null,
    };
}
