namespace OtpPortal.Delivery;

/// <summary>The result of one attempt to deliver a message.</summary>
internal abstract record DeliveryResult
{
    private DeliveryResult()
    {
    }

    /// <summary>The server has accepted the message.</summary>
    public sealed record HandedOver : DeliveryResult;

    /// <summary>The message expired before the attempt.</summary>
    public sealed record Expired : DeliveryResult;

    /// <summary>The message was refused permanently.</summary>
    public sealed record Refused(string Reason) : DeliveryResult;

    /// <summary>The attempt failed, but another one may succeed.</summary>
    /// <param name="Reason">The reason, for the administrator.</param>
    /// <param name="RetryAfter">The pause that the server requested, if any.</param>
    public sealed record Failed(string Reason, TimeSpan? RetryAfter) : DeliveryResult;

    /// <summary>The attempt was cancelled because the portal stops.</summary>
    public sealed record Aborted : DeliveryResult;
}
