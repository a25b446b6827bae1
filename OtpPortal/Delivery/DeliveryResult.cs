namespace OtpPortal.Delivery;

/// <summary>What came of one try to deliver a message.</summary>
public abstract record DeliveryResult
{
    private DeliveryResult()
    {
    }

    /// <summary>The other side has accepted it.</summary>
    public sealed record HandedOver : DeliveryResult;

    /// <summary>Its time was over; it was not tried.</summary>
    public sealed record Expired : DeliveryResult;

    /// <summary>It was refused for good.</summary>
    public sealed record Refused(string Reason) : DeliveryResult;

    /// <summary>It failed, and may succeed later.</summary>
    /// <param name="Reason">The reason, for the administrator.</param>
    /// <param name="RetryAfter">How long the other side asks to be left alone, if it does.</param>
    public sealed record Failed(string Reason, TimeSpan? RetryAfter) : DeliveryResult;

    /// <summary>The portal stops; what was begun was broken off.</summary>
    public sealed record Aborted : DeliveryResult;
}
