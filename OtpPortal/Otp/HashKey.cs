using System.Security.Cryptography;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Otp;

/// <summary>
/// The server key of the codes' HMAC. It is never in the database: who steals only that can verify no guess against it.
/// </summary>
public sealed class HashKey
{
    /// <summary>As many bytes as the hash has (RFC 2104 §3).</summary>
    public const int MinBytes = 32;

    private readonly byte[] bytes;

    private HashKey(byte[] bytes) => this.bytes = bytes;

    internal ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>
    /// The configured key, or the one in <paramref name="file"/>, which is made if it is not there. To be called under the
    /// <see cref="StartupLock"/>.
    /// </summary>
    /// <exception cref="StartupException">The file cannot be read or made, or holds no key.</exception>
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

    /// <summary>Reads a key from base64.</summary>
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

    /// <summary>A key prints as what it is, never as itself.</summary>
    public override string ToString() => "******";

    private static void Make(string file)
    {
        // Written whole under another name first: a crash leaves no half key.
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
