using OtpPortal.Delivery;

namespace OtpPortal.Tests.Support;

/// <summary>The other side of a channel, which is there or not as the test says.</summary>
internal sealed class ScriptedProbe : IMailProbe, ITextProbe
{
    private int probes;

    /// <summary>What happens when it is asked: by default it answers at once.</summary>
    public Func<CancellationToken, Task> Script { get; set; } = _ => Task.CompletedTask;

    /// <summary>How often it was asked.</summary>
    public int Probes => Volatile.Read(ref probes);

    public Task ProbeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref probes);
        return Script(cancellationToken);
    }
}
