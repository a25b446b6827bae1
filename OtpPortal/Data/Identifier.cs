namespace OtpPortal.Data;

/// <summary>
/// What names a person and receives codes: an email address or a mobile number, in the form in which it is stored and compared. It is
/// parsed once, where it comes in.
/// </summary>
public abstract record Identifier
{
    private protected Identifier(string value) => Value = value;

    /// <summary>The normalised address, or the number in E.164.</summary>
    public string Value { get; }

    /// <summary>Reads what a row holds. Only an address has an @, so the two cannot be confused.</summary>
    public static Identifier FromStored(string value) =>
        value.Contains('@', StringComparison.Ordinal) ? EmailAddress.FromStored(value) : MobileNumber.FromStored(value);

    public sealed override string ToString() => Value;
}
