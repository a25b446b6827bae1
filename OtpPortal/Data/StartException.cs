namespace OtpPortal.Data;

/// <summary>The portal cannot start as it is configured. The message names the key, its value and what is allowed.</summary>
public sealed class StartException : Exception
{
    public StartException(string message)
        : base(message)
    {
    }

    public StartException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public StartException()
    {
    }
}
