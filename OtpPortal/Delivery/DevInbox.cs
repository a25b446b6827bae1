using OtpPortal.Delivery.Email;

namespace OtpPortal.Delivery;

/// <summary>
/// The transports of Development: instead of sending messages, the inbox keeps the newest ones in memory for <c>/dev/inbox</c>.
/// </summary>
internal sealed class DevInbox(TimeProvider clock) : IMailTransport, ITextTransport
{
    /// <summary>The maximum number of messages.</summary>
    public const int Kept = 200;

    private readonly Lock gate = new();
    private readonly LinkedList<CapturedMessage> messages = [];

    /// <summary>Raised when a message was captured.</summary>
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

    public Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken) => CaptureAsync(new CapturedMessage(
        mail.To, Channels.Email, mail.Purpose, mail.Subject, mail.Text, mail.Html, mail.Code, clock.GetUtcNow()));

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
/// A message that was captured instead of sent. The names are those of <c>/dev/inbox/messages</c>. Only mail has a subject and HTML; for
/// texts they are empty.
/// </summary>
public sealed record CapturedMessage(
    string To, string Channel, string? Purpose, string Subject, string Text, string Html, string? Code, DateTimeOffset SentAt)
{
    /// <summary>Omits the content, so that no log contains it.</summary>
    public override string ToString() => $"{Channel} {Purpose}";
}
