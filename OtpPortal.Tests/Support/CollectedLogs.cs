using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OtpPortal.Tests.Support;

/// <summary>Keeps everything that is logged, at every level, each line with what stands in the scopes around it.</summary>
public sealed class CollectedLogs : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogLine> lines = new();
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

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
            var around = new List<KeyValuePair<string, string>>();
            logs.scopes.ForEachScope(
                (scope, found) => found.AddRange(scope is IEnumerable<KeyValuePair<string, object?>> pairs
                    ? pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.ToString() ?? ""))
                    : [KeyValuePair.Create("", scope?.ToString() ?? "")]),
                around);
            logs.lines.Enqueue(new LogLine(logLevel, category, $"{formatter(state, exception)} {exception}", around));
        }
    }
}

/// <summary>A line of the log.</summary>
public sealed record LogLine(LogLevel Level, string Category, string Text, IReadOnlyList<KeyValuePair<string, string>> Scopes)
{
    /// <summary>The numbers under which it can be found: one, if all is well.</summary>
    public IReadOnlyList<string> Traces =>
        [.. Scopes.Where(scope => scope.Key == "TraceId").Select(scope => scope.Value).Distinct(StringComparer.Ordinal)];

    public override string ToString() =>
        $"{Level} {Category}: {string.Join(' ', Scopes.Select(scope => $"{scope.Key}={scope.Value}"))} {Text}";
}
