using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Which events count for a mail domain: those of codes sent by mail, from sending to entry.</summary>
internal static class DomainEventsSql
{
    /// <summary>The domain of an event's address, in SQL.</summary>
    public const string Domain = "substr(Address, instr(Address, '@') + 1)";

    /// <summary>The kinds of these events, in SQL.</summary>
    public static readonly string Kinds =
        $"({(int)ActivityEventKind.Sent}, {(int)ActivityEventKind.HandedOver}, {(int)ActivityEventKind.DeliveryFailed}, "
            + $"{(int)ActivityEventKind.Verified})";

    /// <summary>
    /// The condition, in SQL. Events of entered codes have no channel. The addition of 0 keeps SQLite from using the index of kinds,
    /// because new events are found by Id or time.
    /// </summary>
    public static readonly string Counts = "Purpose <> '' AND Channel IN ('', 'email') AND instr(Address, '@') > 0 AND Kind + 0 IN "
        + $"{Kinds}";
}
