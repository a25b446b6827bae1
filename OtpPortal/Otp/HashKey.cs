using System.Security.Cryptography;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Otp;

/// <summary>
/// The server key for the HMAC of codes. It is never in the database, so whoever steals only the database cannot verify guesses against it.
/// </summary>
public sealed class HashKey
{
    /// <summary>The length of the hash, which RFC 2104 §3 recommends as the minimum.</summary>
    public const int MinBytes = 32;

    private readonly byte[] bytes;

    private HashKey(byte[] bytes) => this.bytes = bytes;

    internal ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>
    /// Returns the configured key, or else the key in <paramref name="file"/>, which is created if it does not exist. The caller holds the
    /// <see cref="StartupLock"/>.
    /// </summary>
    /// <exception cref="StartupException">The file cannot be read or created, or contains no key.</exception>
    public static HashKey Load(string? configured, string file)
    {
        if (!string.IsNullOrEmpty(configured) && TryParse(configured, out var key))
        {
            return key;
        }

        try
        {
            if (!File.Exists(file))
            {
                Make(file);
            }

            return TryParse(File.ReadAllText(file), out key) ? key : throw new StartupException(
                $"Otp:HashKey is not set, and its file {file} holds no key. Restore the file, or delete it: codes sent so far are then "
                    + "worthless.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"Otp:HashKey is not set, and its file {file} cannot be read or made: {failure.Message} "
                + "Allowed: base64 of at least 32 bytes in Otp:HashKey, or a folder that this user may write.", failure);
        }
    }

    /// <summary>Reads a key in base64.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HashKey? key)
    {
        key = null;
        var buffer = new byte[text.Length];
        if (Convert.TryFromBase64String(text.Trim(), buffer, out var length) && length >= MinBytes)
        {
            key = new HashKey(buffer[..length]);
        }

        return key is not null;
    }

    public override string ToString() => "******";

    private static void Make(string file)
    {
        // The key is written to another file and then renamed, so that a crash cannot leave an incomplete key.
        var draft = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MinBytes))));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file, overwrite: false);
    }
}
