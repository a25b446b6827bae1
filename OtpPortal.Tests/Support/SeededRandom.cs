using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OtpPortal.Tests.Support;

/// <summary>Numbers that look random and are the same at every run of the same seed: a failure can be played again.</summary>
public sealed class SeededRandom(int seed)
{
    private readonly byte[] state = new byte[sizeof(int) + sizeof(long)];
    private long drawn;

    /// <summary>A whole number from 0 to less than <paramref name="below"/>.</summary>
    public int Next(int below)
    {
        BinaryPrimitives.WriteInt32LittleEndian(state, seed);
        BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(sizeof(int)), drawn++);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(state, hash);
        return (int)(BinaryPrimitives.ReadUInt64LittleEndian(hash) % (uint)below);
    }

    /// <summary>One of some things.</summary>
    public T Of<T>(IReadOnlyList<T> things) => things[Next(things.Count)];

    /// <summary>So many bytes.</summary>
    public byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)Next(256))];
}
