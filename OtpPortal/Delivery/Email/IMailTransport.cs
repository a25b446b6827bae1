namespace OtpPortal.Delivery.Email;

/// <summary>Sends mail: to an SMTP server, or to the development inbox.</summary>
internal interface IMailTransport
{
    /// <summary>Hands a mail over. When this returns, the server has accepted it.</summary>
    /// <exception cref="DeliveryException">The mail was not accepted. The message says why, and what to do.</exception>
    Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}
