using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OtpPortal.E2E.Support;

/// <summary>A process of the portal's program: what it prints, and where it listens.</summary>
internal sealed partial class PortalProcess : IAsyncDisposable
{
    private readonly List<string> output = [];
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process process;

    private PortalProcess(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _ = NoticeEndAsync();
    }

    /// <summary>What the process printed so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return string.Join('\n', output);
            }
        }
    }

    /// <summary>Bytes of memory that the process holds (RSS).</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts the program.</summary>
    /// <param name="program">The file <c>OtpPortal.dll</c>.</param>
    /// <param name="folder">The working directory: the portal reads its settings and its static files there.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="arguments">The command line.</param>
    public static PortalProcess Start(string program, string folder, IReadOnlyDictionary<string, string> settings,
        params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        return new PortalProcess(start);
    }

    /// <summary>The address, once the portal listens.</summary>
    /// <exception cref="InvalidOperationException">The process ended before; the message has what it printed.</exception>
    public Task<Uri> ListeningAsync() => listening.Task.WaitAsync(Timeouts.Time);

    /// <summary>The exit code, once the process has ended by itself and everything that it printed has been read.</summary>
    public async Task<int> EndedAsync(TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        await process.WaitForExitAsync(late.Token);
        return process.ExitCode;
    }

    /// <summary>Ends the process as a power cut would, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task NoticeEndAsync()
    {
        await process.WaitForExitAsync();
        listening.TrySetException(new InvalidOperationException($"The portal ended at start:\n{Output}"));

        // Nobody may be waiting for a process that was started to end.
        _ = listening.Task.Exception;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (output)
        {
            output.Add(line);
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex("Now listening on: (?<address>.+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
