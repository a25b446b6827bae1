namespace OtpPortal.Delivery.Email;

/// <summary>What carries a mail away: an SMTP server, or the development inbox.</summary>
public interface IMailTransport
{
    /// <summary>Hands a mail over. Once this returns, the other side has accepted it.</summary>
    /// <exception cref="DeliveryException">It was not accepted; the message says why, and what to do.</exception>
    Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}
