using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OtpPortal.Tests.Support;

/// <summary>
/// Keeps everything that is logged, or what tells of an exception: at every level, each line with what stands in the scopes around it.
/// </summary>
public sealed class CollectedLogs : ILoggerProvider, ISupportExternalScope
{
    // Each line of a stack trace begins like this.
    private const string Trace = "\n   at ";

    private readonly ConcurrentQueue<LogLine> lines = new();
    private int count;
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    /// <summary>Whether only lines with an exception or a stack trace are kept.</summary>
    public bool FailuresOnly { get; init; }

    /// <summary>How many lines were logged, whether they were kept or not.</summary>
    public int Count => count;

    /// <summary>The lines that were kept.</summary>
    public IReadOnlyList<LogLine> Lines => [.. lines];

    public ILogger CreateLogger(string categoryName) => new Collecting(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Collecting(CollectedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logs.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref logs.count);
            var sentence = formatter(state, exception);
            if (logs.FailuresOnly && exception is null && !sentence.Contains(Trace, StringComparison.Ordinal))
            {
                return;
            }

            var around = new List<KeyValuePair<string, string>>();
            logs.scopes.ForEachScope(
                (scope, found) => found.AddRange(Values(scope)), around);
            logs.lines.Enqueue(new LogLine(logLevel, category, eventId.Name, $"{sentence} {exception}", around, Values(state)));
        }

        private static IReadOnlyList<KeyValuePair<string, string>> Values(object? state) =>
            state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? [.. pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.ToString() ?? ""))]
                : [KeyValuePair.Create("", state?.ToString() ?? "")];
    }
}

/// <summary>A line of the log.</summary>
/// <param name="Level">Its level.</param>
/// <param name="Category">The category of its logger.</param>
/// <param name="EventName">The name of its event, if it has one.</param>
/// <param name="Text">The sentence, and the exception.</param>
/// <param name="Scopes">What the scopes around it say.</param>
/// <param name="Values">What a structured log keeps besides, whether the sentence shows it or not.</param>
public sealed record LogLine(
    LogLevel Level, string Category, string? EventName, string Text, IReadOnlyList<KeyValuePair<string, string>> Scopes,
    IReadOnlyList<KeyValuePair<string, string>> Values)
{
    /// <summary>The numbers under which it can be found: one, if all is well.</summary>
    public IReadOnlyList<string> Traces =>
        [.. Scopes.Where(scope => scope.Key == "TraceId").Select(scope => scope.Value).Distinct(StringComparer.Ordinal)];

    /// <summary>Everything that a log may keep of the line.</summary>
    public string Everything => $"{this} {string.Join(' ', Values.Select(value => $"{value.Key}={value.Value}"))}";

    public override string ToString() =>
        $"{Level} {Category}: {string.Join(' ', Scopes.Select(scope => $"{scope.Key}={scope.Value}"))} {Text}";
}
