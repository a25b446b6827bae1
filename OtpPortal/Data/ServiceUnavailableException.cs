namespace OtpPortal.Data;

/// <summary>
/// The portal is temporarily unable to do this, because the database is unavailable or the portal is overloaded. The HTTP edge turns it
/// into a 503 with <c>Retry-After</c>.
/// </summary>
internal sealed class ServiceUnavailableException : Exception
{
    /// <param name="message">The reason, for the log.</param>
    /// <param name="retryAfter">The time after which a client should try again.</param>
    public ServiceUnavailableException(string message, TimeSpan retryAfter, Exception? innerException = null)
        : base(message, innerException) => RetryAfter = retryAfter;

    public ServiceUnavailableException()
    {
    }

    public ServiceUnavailableException(string message)
        : base(message)
    {
    }

    public ServiceUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The time after which a client should try again.</summary>
    public TimeSpan RetryAfter { get; } = DatabaseErrors.RetryAfter;
}
