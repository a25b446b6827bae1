using System.Buffers.Binary;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>How often the disk is asked to keep something, read from the write-ahead log of SQLite.</summary>
public sealed class CommitCountTests : IAsyncLifetime
{
    private const string Email = "ann@example.com";

    private readonly AccountsHost accounts = new();

    private PortalHost Portal => accounts.Portal;

    public async ValueTask InitializeAsync() => await accounts.VerifiedAsync(Email);

    public ValueTask DisposeAsync() => accounts.DisposeAsync();

    [Fact]
    public async Task A_sign_in_by_code_is_one_commit()
    {
        await accounts.RequestCodeAsync(Email, OtpSteps.Browser);
        var code = await Portal.CodeForAsync(Email);

        var commits = await CountAsync(async () =>
            Assert.IsType<CodeEntryOutcome.Accepted>(await accounts.SignInWithCodeAsync(Email, code)));

        Assert.Equal(1, commits);
    }

    [Fact]
    public async Task A_request_for_a_code_is_one_commit() =>
        Assert.Equal(1, await CountAsync(() => accounts.RequestCodeAsync(Email, OtpSteps.Browser)));

    [Fact]
    public async Task A_wrong_code_is_committed_before_it_is_recorded()
    {
        await accounts.RequestCodeAsync(Email, OtpSteps.Browser);
        var wrong = PortalHost.Not(await Portal.CodeForAsync(Email));

        var commits = await CountAsync(() => accounts.SignInWithCodeAsync(Email, wrong));

        Assert.Equal(2, commits);
    }

    [Fact]
    public async Task A_sign_in_by_password_spends_a_try_and_then_is_one_commit() =>
        Assert.Equal(2, await CountAsync(() => accounts.SignInAsync(Email)));

    private async Task<int> CountAsync(Func<Task> act)
    {
        // Nothing else writes meanwhile: the workers of the host do not run.
        _ = Portal.Services.GetRequiredService<WriteLane>();
        var before = await CommitsAsync();
        await act();
        return await CommitsAsync() - before;
    }

    /// <summary>
    /// Frames of the log that end a transaction: they have the size of the database after it. Frames of an earlier round of the log have
    /// another salt. (SQLite, "WAL file format", section 2.)
    /// </summary>
    private async Task<int> CommitsAsync()
    {
        const int HeaderLength = 32;
        const int FrameHeaderLength = 24;
        await using var stream = new FileStream(Portal.DatabasePath + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var log = new byte[stream.Length];
        await stream.ReadExactlyAsync(log, TestContext.Current.CancellationToken);
        var frame = FrameHeaderLength + (int)BinaryPrimitives.ReadUInt32BigEndian(log.AsSpan(8));
        return Enumerable.Range(0, (log.Length - HeaderLength) / frame)
            .Select(i => log.AsMemory(HeaderLength + (i * frame), FrameHeaderLength))
            .Count(header => header.Span[8..16].SequenceEqual(log.AsSpan(16, 8))
                && BinaryPrimitives.ReadUInt32BigEndian(header.Span[4..]) > 0);
    }
}
