namespace OtpPortal.Tests.Api.Fuzz;

/// <summary>
/// Numbers that look like chance and are the same in every run: a counter, hashed (SplitMix64). Each seed is a sequence of its
/// own.
/// </summary>
public sealed class SeededChance(ulong seed)
{
    private ulong counter = seed * 0xD1342543DE82EF95;

    /// <summary>A number from 0 to <paramref name="below"/> - 1.</summary>
    public int Next(int below) => (int)(Next() % (ulong)below);

    /// <summary>One of them.</summary>
    public T Of<T>(IReadOnlyList<T> all) => all[Next(all.Count)];

    /// <summary>So many bytes.</summary>
    public byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)Next(256))];

    private ulong Next()
    {
        var hash = counter += 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
