using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OtpPortal.Delivery.Email;

namespace OtpPortal.Tests.Support;

/// <summary>A mail server that does what the test says.</summary>
internal sealed class ScriptedTransport(Func<MailToSend, CancellationToken, Task> script) : IMailTransport
{
    private readonly ConcurrentQueue<MailToSend> accepted = new();

    /// <summary>What it took, oldest first.</summary>
    public IReadOnlyList<MailToSend> Accepted => [.. accepted];

    public async Task SendAsync(MailToSend mail, CancellationToken cancel)
    {
        await script(mail, cancel);
        accepted.Enqueue(mail);
    }

    /// <summary>A portal that mails through it.</summary>
    public PortalHost NewPortal(string? database = null) => new() { Database = database, Configure = services => services.Replace(ServiceDescriptor.Singleton<IMailTransport>(this)) };
}
