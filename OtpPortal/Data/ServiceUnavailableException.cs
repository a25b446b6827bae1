namespace OtpPortal.Data;

/// <summary>
/// The portal cannot do this now and can soon: the database is away, or there is more to do than can be done in time. At the edge it
/// becomes a 503 with <c>Retry-After</c>. The message is for the log.
/// </summary>
public sealed class ServiceUnavailableException : Exception
{
    /// <param name="message">The reason, for the log.</param>
    /// <param name="retryAfter">After what time it is worth trying again.</param>
    /// <param name="innerException">What led to it, if something did.</param>
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

    /// <summary>After what time it is worth trying again.</summary>
    public TimeSpan RetryAfter { get; } = DatabaseErrors.RetryAfter;
}
