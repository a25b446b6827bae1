using OtpPortal.Delivery.Email;

namespace OtpPortal.Delivery;

/// <summary>
/// What Development uses in the place of what really sends: it keeps the newest messages in memory, for <c>/dev/inbox</c>.
/// Outside Development nothing uses it.
/// </summary>
public sealed class DevInbox(TimeProvider clock) : IMailTransport, ITextTransport
{
    /// <summary>Messages that are kept.</summary>
    public const int Kept = 200;

    private readonly Lock gate = new();
    private readonly LinkedList<CapturedMessage> messages = [];

    /// <summary>Tells that a message came in.</summary>
    public event Action? Received;

    /// <summary>The messages, newest first.</summary>
    public IReadOnlyList<CapturedMessage> Messages
    {
        get
        {
            lock (gate)
            {
                return [.. messages];
            }
        }
    }

    /// <inheritdoc/>
    public Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken) => CaptureAsync(new CapturedMessage(
        mail.To, Channels.Email, mail.Purpose, mail.Subject, mail.Text, mail.Html, mail.Code, clock.GetUtcNow()));

    /// <inheritdoc/>
    public Task SendAsync(OutgoingText text, CancellationToken cancellationToken) => CaptureAsync(new CapturedMessage(
        text.To, text.Channel, text.Purpose, "", text.Body, "", text.Code, clock.GetUtcNow()));

    private Task CaptureAsync(CapturedMessage message)
    {
        lock (gate)
        {
            messages.AddFirst(message);
            if (messages.Count > Kept)
            {
                messages.RemoveLast();
            }
        }

        Received?.Invoke();
        return Task.CompletedTask;
    }
}

/// <summary>
/// A message that was captured instead of sent. The names are those of <c>/dev/inbox/messages</c>. Only mail has a subject and HTML;
/// elsewhere they are empty.
/// </summary>
public sealed record CapturedMessage(
    string To, string Channel, string? Purpose, string Subject, string Text, string Html, string? Code, DateTimeOffset SentAt)
{
    /// <summary>Without its content.</summary>
    public override string ToString() => $"{Channel} {Purpose}";
}
