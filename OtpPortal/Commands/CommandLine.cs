namespace OtpPortal.Commands;

/// <summary>What the program does instead of starting the portal, where the first word on its command line says so.</summary>
internal static class CommandLine
{
    /// <summary>What the configuration is to be made of: the arguments without those that it would misread.</summary>
    public static string[] Settings(string[] arguments) => BackupCommand.Settings(AdminCommand.Settings(arguments));

    /// <summary>The command, or null if the portal is to start. Its result is the exit code.</summary>
    public static Func<Task<int>>? Find(IServiceProvider services, string[] arguments) => arguments switch
    {
        [SendTestMailCommand.Command, .. var rest] => () => SendTestMailCommand.RunAsync(services, rest, Console.Out),
        [AdminCommand.Command, .. var rest] => () => AdminCommand.RunAsync(services, rest, Console.Out),
        [BackupCommand.Command, .. var rest] => () => BackupCommand.RunAsync(services, rest, Console.Out),
        _ => null,
    };
}
