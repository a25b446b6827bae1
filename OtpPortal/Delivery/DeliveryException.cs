namespace OtpPortal.Delivery;

/// <summary>
/// A message was not accepted. The message says why, in words for the log and the administrator, and holds nothing of the
/// recipient or the content.
/// </summary>
public sealed class DeliveryException : Exception
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

    /// <summary>Whether another try would end the same way.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>The pause that the other side asked for, or null if it asked for none. Never negative.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
