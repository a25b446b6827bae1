namespace OtpPortal.Hosting;

/// <summary>The portal cannot start as it is configured. The message names the key, its value and what is allowed.</summary>
internal sealed class StartupException : Exception
{
    public StartupException(string message)
        : base(message)
    {
    }

    public StartupException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public StartupException()
    {
    }
}
