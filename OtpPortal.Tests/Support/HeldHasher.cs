using Microsoft.AspNetCore.Identity;
using OtpPortal.Data;

namespace OtpPortal.Tests.Support;

/// <summary>A hasher of passwords that ends when the test says so.</summary>
internal sealed class HeldHasher : IPasswordHasher<PortalUser>, IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim released = new(0);
    private readonly List<string> begun = [];
    private int now;

    public int MostAtOnce { get; private set; }

    public IReadOnlyList<string> Begun
    {
        get
        {
            lock (gate)
            {
                return [.. begun];
            }
        }
    }

    public void Release(int count) => released.Release(count);

    public void Dispose() => released.Dispose();

    public string HashPassword(PortalUser user, string password)
    {
        Work(password);
        return password == "bad" ? throw new InvalidOperationException("bad") : $"hash of {password}";
    }

    public PasswordVerificationResult VerifyHashedPassword(PortalUser user, string hashedPassword, string providedPassword)
    {
        Work(providedPassword);
        return hashedPassword == $"hash of {providedPassword}" ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;
    }

    private void Work(string password)
    {
        lock (gate)
        {
            begun.Add(password);
            MostAtOnce = Math.Max(MostAtOnce, ++now);
        }

        released.Wait(TestContext.Current.CancellationToken);
        lock (gate)
        {
            now--;
        }
    }
}
