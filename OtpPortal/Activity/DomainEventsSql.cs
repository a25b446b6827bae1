using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Which events count for a mail domain: those of codes that go by mail, from their sending to their entry.</summary>
internal static class DomainEventsSql
{
    /// <summary>The domain of an event's address, in SQL.</summary>
    public const string Domain = "substr(Address, instr(Address, '@') + 1)";

    /// <summary>Their kinds, in SQL.</summary>
    public static readonly string Kinds =
        $"({(int)ActivityEventKind.Sent}, {(int)ActivityEventKind.HandedOver}, {(int)ActivityEventKind.DeliveryFailed}, "
            + $"{(int)ActivityEventKind.Verified})";

    /// <summary>
    /// The condition, in SQL. What is entered has no channel. The sum keeps the database from the index of kinds: what is new is
    /// found by Id or time.
    /// </summary>
    public static readonly string Counts = "Purpose <> '' AND Channel IN ('', 'email') AND instr(Address, '@') > 0 AND Kind + 0 IN "
        + $"{Kinds}";
}
