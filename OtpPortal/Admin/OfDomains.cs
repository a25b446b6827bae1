using OtpPortal.Data;

namespace OtpPortal.Admin;

/// <summary>Which events count for a mail domain: those of codes that go by mail, from their sending to their entry.</summary>
internal static class OfDomains
{
    /// <summary>The domain of an event's address, in SQL.</summary>
    public const string Domain = "substr(Address, instr(Address, '@') + 1)";

    /// <summary>The condition, in SQL. What is entered has no channel.</summary>
    public static readonly string Counts =
        $"Purpose <> '' AND Channel IN ('', 'email') AND instr(Address, '@') > 0 AND Kind IN ({(int)ActivityKind.Sent}, {(int)ActivityKind.HandedOver}, {(int)ActivityKind.DeliveryFailed}, {(int)ActivityKind.Verified})";
}
