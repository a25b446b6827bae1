using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Identity;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Accounts;

/// <summary>
/// Hashes passwords and compares them with hashes, which is slow on purpose: a few dozen at once would take every core from everybody
/// else. At most one fewer than there are cores are under way. The others wait in one queue for each client, and the clients take turns,
/// so that a flood from one client holds up that client alone.
/// </summary>
public sealed class PasswordHashing
{
    /// <summary>How long a password waits for its turn.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>Passwords that wait, at most. More would not get their turn in time.</summary>
    internal const int MaxWaiting = 256;

    /// <summary>Passwords of one client that wait, at most.</summary>
    internal const int MaxWaitingPerClient = 8;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    // Nobody's: the hash does not depend on the account.
    private static readonly PortalUser Nobody = new();

    private readonly IPasswordHasher<PortalUser> hasher;
    private readonly TimeProvider clock;
    private readonly int slots;
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedList<Job>> waiting = new(StringComparer.Ordinal);
    private readonly LinkedList<string> turns = new();
    private int waitingCount;
    private int running;

    /// <param name="hasher">Hashes and compares one.</param>
    /// <param name="clock">Tells how long one has waited.</param>
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

    /// <summary>Hashes a password.</summary>
    /// <exception cref="ServiceUnavailableException">Too many wait already, or its turn did not come in time.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => hasher.HashPassword(Nobody, password), cancellationToken);

    /// <summary>Compares a password with a hash.</summary>
    /// <inheritdoc cref="HashAsync"/>
    public Task<PasswordVerificationResult> VerifyAsync(string hash, string password, CancellationToken cancellationToken) =>
        RunAsync(() => hasher.VerifyHashedPassword(Nobody, hash, password), cancellationToken);

    /// <summary>Passwords that wait now.</summary>
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
            // Not on the thread of the request, which may be one of a page that has others to serve.
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

            // The portal's own work has no client, and no share.
            var own = waiting.GetValueOrDefault(job.Client);
            if (waitingCount >= MaxWaiting || (job.Client.Length > 0 && own?.Count >= MaxWaitingPerClient))
            {
                throw new ServiceUnavailableException(
                    $"{waitingCount} passwords wait to be hashed, {own?.Count ?? 0} of them from this client.", RetryAfter);
            }

            if (own is null)
            {
                waiting[job.Client] = own = new LinkedList<Job>();
                turns.AddLast(job.Client);
            }

            job.Place = own.AddLast(job);
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

    /// <summary>Hands the place of one that is done to the next client's oldest, if any waits.</summary>
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
        var own = waiting[job.Client];
        own.Remove(job.Place!);
        job.Place = null;
        waitingCount--;
        if (own.Count == 0)
        {
            waiting.Remove(job.Client);
            turns.Remove(job.Client);
        }
    }

    /// <summary>Whoever has one IPv6 address has the 2^64 of its network.</summary>
    private static string ClientKey(string client) =>
        IPAddress.TryParse(client, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : client;

    private sealed class Job(string client)
    {
        private readonly TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Client => client;

        public Task Turn => turn.Task;

        /// <summary>Where it waits; null once it does not wait any more.</summary>
        public LinkedListNode<Job>? Place { get; set; }

        public void Begin() => turn.SetResult();
    }
}
