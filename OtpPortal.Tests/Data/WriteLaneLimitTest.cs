using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Data;

/// <summary>A write lane that a test holds as long as it wants.</summary>
public abstract class WriteLaneLimitTest : IAsyncLifetime
{
    private protected readonly PortalHost portal = new();
    private protected TaskCompletionSource held = new();

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected TestClock Clock => portal.Clock!;

    public ValueTask InitializeAsync() => portal.StartAsync();

    public async ValueTask DisposeAsync()
    {
        held.TrySetResult();
        await portal.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task HoldAsync()
    {
        held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = portal.Lane.RunUrgentAsync(_ =>
        {
            begun.SetResult();
            return held.Task;
        });
        await begun.Task.WaitAsync(Cancel);
    }

    private protected static async Task AddAsync(PortalDbContext db, string email)
    {
        db.PasswordFailures.Add(new PasswordFailures { Email = email, Failures = 1 });
        await db.SaveChangesAsync(CancellationToken.None);
    }

    private protected Task<List<string>> WrittenAsync() =>
        portal.ReadAsync(db => db.PasswordFailures.Select(row => row.Email).Order().ToListAsync(Cancel));
}
