using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OtpPortal.Tests.Support;

/// <summary>Reads everything that is logged, at every level, and keeps what has an exception or a stack trace in it.</summary>
public sealed class WatchedLogs : ILoggerProvider
{
    // Each line of a stack trace begins like this.
    private const string Trace = "\n   at ";

    private readonly ConcurrentQueue<string> failures = new();
    private int lines;

    /// <summary>How many lines there were.</summary>
    public int Lines => lines;

    /// <summary>Those that tell of an exception.</summary>
    public IReadOnlyCollection<string> Failures => failures;

    public ILogger CreateLogger(string categoryName) => new Watched(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Watched(WatchedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref logs.lines);
            var line = formatter(state, exception);
            if (exception is not null || line.Contains(Trace, StringComparison.Ordinal))
            {
                logs.failures.Enqueue($"{logLevel} {category} {eventId.Name}: {line} {exception}");
            }
        }
    }
}
