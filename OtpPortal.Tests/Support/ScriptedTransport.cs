using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OtpPortal.Delivery.Email;

namespace OtpPortal.Tests.Support;

/// <summary>A mail server that does what the test says.</summary>
internal sealed class ScriptedTransport(Func<OutgoingMail, CancellationToken, Task> script) : IMailTransport
{
    private readonly ConcurrentQueue<OutgoingMail> accepted = new();

    /// <summary>What it took, oldest first.</summary>
    public IReadOnlyList<OutgoingMail> Accepted => [.. accepted];

    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        await script(mail, cancellationToken);
        accepted.Enqueue(mail);
    }

    /// <summary>A portal that mails through it.</summary>
    public PortalHost NewPortal(string? database = null) =>
        new() { Database = database, Configure = services => services.Replace(ServiceDescriptor.Singleton<IMailTransport>(this)) };
}
