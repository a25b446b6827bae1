namespace OtpPortal.Delivery.Email;

/// <summary>A mail, rendered and ready.</summary>
/// <param name="Id">The same at every try of one message; stands in its Message-ID.</param>
/// <param name="To">The recipient's address.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">The plain text part.</param>
/// <param name="Html">The HTML part.</param>
public sealed record OutgoingMail(string Id, string To, string Subject, string Text, string Html)
{
    /// <summary>The purpose of the code in it, if it carries one.</summary>
    public string? Purpose { get; init; }

    /// <summary>The code in it, if it carries one; only the development inbox looks at it.</summary>
    public string? Code { get; init; }

    /// <summary>Without its content.</summary>
    public override string ToString() => $"mail {Id} ({Purpose})";
}
