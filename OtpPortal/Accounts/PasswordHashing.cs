using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Identity;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Accounts;

/// <summary>
/// Hashes passwords and compares them with hashes. Hashing is slow on purpose, so a few dozen hashes at once would take every core from all
/// other work. The number of hashes that run at once is therefore one less than the number of cores. The others wait in one queue for each
/// client, and the clients take turns, so that a flood from one client delays only that client.
/// </summary>
public sealed class PasswordHashing
{
    /// <summary>How long a password waits for its turn.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>The maximum number of waiting passwords. More would not get their turn within <see cref="MaxWait"/>.</summary>
    internal const int MaxWaiting = 256;

    /// <summary>The maximum number of waiting passwords of one client.</summary>
    internal const int MaxWaitingPerClient = 8;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    // The hasher requires an account, but the hash does not depend on it.
    private static readonly PortalUser AnyUser = new();

    private readonly IPasswordHasher<PortalUser> hasher;
    private readonly TimeProvider clock;
    private readonly int slots;
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedList<Job>> waiting = new(StringComparer.Ordinal);
    private readonly LinkedList<string> turns = new();
    private int waitingCount;
    private int running;

    public PasswordHashing(IPasswordHasher<PortalUser> hasher, TimeProvider clock)
        : this(hasher, clock, Math.Max(1, Environment.ProcessorCount - 1))
    {
    }

    internal PasswordHashing(IPasswordHasher<PortalUser> hasher, TimeProvider clock, int slots)
    {
        this.hasher = hasher;
        this.clock = clock;
        this.slots = slots;
    }

    /// <exception cref="ServiceUnavailableException">Too many passwords wait already, or this one did not get its turn in time.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => hasher.HashPassword(AnyUser, password), cancellationToken);

    /// <inheritdoc cref="HashAsync"/>
    public Task<PasswordVerificationResult> VerifyAsync(string hash, string password, CancellationToken cancellationToken) =>
        RunAsync(() => hasher.VerifyHashedPassword(AnyUser, hash, password), cancellationToken);

    /// <summary>The number of waiting passwords.</summary>
    internal int Waiting
    {
        get
        {
            lock (gate)
            {
                return waitingCount;
            }
        }
    }

    private async Task<T> RunAsync<T>(Func<T> compute, CancellationToken cancellationToken)
    {
        var job = new Job(ClientKey(RequestContext.Current.Client));
        if (!TryStart(job))
        {
            await WaitForTurnAsync(job, cancellationToken);
        }

        try
        {
            // The request's own thread stays free, because it may belong to a page that has other events to handle.
            return await Task.Run(compute, CancellationToken.None);
        }
        finally
        {
            Finish();
        }
    }

    private bool TryStart(Job job)
    {
        lock (gate)
        {
            if (running < slots)
            {
                running++;
                return true;
            }

            // The portal's own work has no client, so the limit for each client does not apply to it.
            var queue = waiting.GetValueOrDefault(job.Client);
            if (waitingCount >= MaxWaiting || (job.Client.Length > 0 && queue?.Count >= MaxWaitingPerClient))
            {
                throw new ServiceUnavailableException(
                    $"{waitingCount} passwords wait to be hashed, {queue?.Count ?? 0} of them from this client.", RetryAfter);
            }

            if (queue is null)
            {
                waiting[job.Client] = queue = new LinkedList<Job>();
                turns.AddLast(job.Client);
            }

            job.Place = queue.AddLast(job);
            waitingCount++;
            return false;
        }
    }

    private async Task WaitForTurnAsync(Job job, CancellationToken cancellationToken)
    {
        await job.Turn.WaitAsync(RequestContext.Current.Within(MaxWait, clock), clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            if (job.Place is null)
            {
                return;
            }

            Remove(job);
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new ServiceUnavailableException($"A password waited for {MaxWait.TotalSeconds} s to be hashed.", RetryAfter);
    }

    /// <summary>Passes the slot of a finished job to the oldest job of the next client, if any client waits.</summary>
    private void Finish()
    {
        lock (gate)
        {
            if (turns.First is not { Value: var client })
            {
                running--;
                return;
            }

            var next = waiting[client].First!.Value;
            Remove(next);
            if (waiting.ContainsKey(client))
            {
                turns.RemoveFirst();
                turns.AddLast(client);
            }

            next.Begin();
        }
    }

    private void Remove(Job job)
    {
        var queue = waiting[job.Client];
        queue.Remove(job.Place!);
        job.Place = null;
        waitingCount--;
        if (queue.Count == 0)
        {
            waiting.Remove(job.Client);
            turns.Remove(job.Client);
        }
    }

    /// <summary>IPv6 clients are counted by their /64 network, because whoever has one of its addresses has all 2^64.</summary>
    private static string ClientKey(string client) =>
        IPAddress.TryParse(client, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : client;

    private sealed class Job(string client)
    {
        private readonly TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Client => client;

        public Task Turn => turn.Task;

        /// <summary>The position in the queue; null once the job no longer waits.</summary>
        public LinkedListNode<Job>? Place { get; set; }

        public void Begin() => turn.SetResult();
    }
}
