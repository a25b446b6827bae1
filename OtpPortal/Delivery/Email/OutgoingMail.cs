namespace OtpPortal.Delivery.Email;

/// <summary>A rendered mail.</summary>
/// <param name="Id">The id, which is the same for every attempt to send one message and is a part of its Message-ID.</param>
/// <param name="Subject">The subject, in one line.</param>
/// <param name="Text">The plain text part.</param>
/// <param name="Html">The HTML part.</param>
public sealed record OutgoingMail(string Id, string To, string Subject, string Text, string Html)
{
    /// <summary>The purpose of the code in the mail, if it contains one.</summary>
    public string? Purpose { get; init; }

    /// <summary>The code in the mail, if it contains one. Only the development inbox uses it.</summary>
    public string? Code { get; init; }

    /// <summary>Omits the content, so that no log contains it.</summary>
    public override string ToString() => $"mail {Id} ({Purpose})";
}
