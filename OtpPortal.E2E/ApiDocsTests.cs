using System.Diagnostics;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>
/// The journeys in <c>docs/api.md</c> run as they stand there, against a portal with the default rules. Only its address is told
/// them.
/// </summary>
public sealed class ApiDocsTests(ApiDocsTests.Portal portal) : IClassFixture<ApiDocsTests.Portal>
{
    [Fact]
    public Task The_documented_journey_with_curl_works() => RunAsync("sh", "journey.sh", "curl-", "bash", "curl", "openssl");

    [Fact]
    public Task The_documented_journey_with_Python_works() => RunAsync("python", "journey.py", "python-", "python3");

    [Fact]
    public Task The_documented_journey_with_CSharp_works() => RunAsync("csharp", "journey.cs", "csharp-", "dotnet");

    private async Task RunAsync(string language, string file, string person, string program, params string[] needs)
    {
        foreach (var needed in needs.Append(program))
        {
            Assert.SkipUnless(IsThere(needed), $"{needed} is not in PATH.");
        }

        var folder = Directory.CreateTempSubdirectory("otpportal-docs-");
        try
        {
            var path = Path.Combine(folder.FullName, file);
            var text = Assert.Single(Documents.Blocks("api.md", language));

            // A file of C# is compiled to machine code by default, which wants a package that a partial registry lacks. It is the same
            // program without.
            await File.WriteAllTextAsync(
                path, (language == "csharp" ? "#:property PublishAot=false\n" : "") + text, TestContext.Current.CancellationToken);
            var (exit, output, errors) = await StartAsync(program, language == "csharp" ? ["run", path] : [path], folder.FullName);

            Assert.True(exit == 0, $"{program} ended with {exit}:\n{output}\n{errors}");
            Assert.EndsWith("Signed out.", output.TrimEnd(), StringComparison.Ordinal);
            Assert.Contains("The address is verified.", output, StringComparison.Ordinal);
            Assert.Matches("[\"']firstName[\"']: ?[\"']Ann[\"']", output);
            Assert.Contains("The new password is set", output, StringComparison.Ordinal);

            // It is the whole journey: a code of each purpose, and the notice of the new password.
            var address = output[output.IndexOf(person, StringComparison.Ordinal)..].Split('"', '\'')[0];
            Assert.Equal(
                ["forgot_password", "login", "password_changed", "register"],
                (await portal.Server.MessagesAsync(address, 4)).Select(message => message.Purpose ?? "password_changed")
                    .Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<(int Exit, string Output, string Errors)> StartAsync(string program, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PORTAL"] = portal.Server.Address.GetLeftPart(UriPartial.Authority);
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(late.Token);
            var errors = process.StandardError.ReadToEndAsync(late.Token);
            await process.WaitForExitAsync(late.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>A portal as a newcomer starts it: nothing is set but the limit of the machine that all journeys come from.</summary>
    public sealed class Portal : IAsyncLifetime
    {
        public PortalServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await PortalServer.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
