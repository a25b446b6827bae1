namespace OtpPortal.Delivery;

/// <summary>
/// A message was not accepted. The exception's message gives the reason for the log and the administrator, and contains nothing of the
/// recipient or the content.
/// </summary>
internal sealed class DeliveryException : Exception
{
    public DeliveryException(string message)
        : base(message)
    {
    }

    public DeliveryException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public DeliveryException()
    {
    }

    /// <summary>Whether another attempt would have the same result.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>The pause that the server requested; null if it requested none. Never negative.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
