using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>Messages in an outbox, and the passes that deliver them by a transport of the test's.</summary>
public abstract class DeliveryPassTest
{
    private protected const string Bad = "bad@example.com";

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected static async Task AcceptAsync(PortalHost portal, params string[] emails)
    {
        foreach (var email in emails)
        {
            Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(email));
        }
    }

    private protected static Task<DateTimeOffset?> PassAsync(PortalHost portal) =>
        portal.Services.GetRequiredService<DeliveryPass>().RunAsync(Cancel);

    private protected static Task<OutboxMessage> RowAsync(PortalHost portal, string email) =>
        portal.ReadAsync(db => db.Outbox.AsNoTracking().SingleAsync(row => row.Email == email, Cancel));
}
