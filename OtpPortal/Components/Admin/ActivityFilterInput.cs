using OtpPortal.Accounts;
using OtpPortal.Activity;

namespace OtpPortal.Components.Admin;

/// <summary>The fields of the form that filters the activity log, as typed.</summary>
internal sealed class ActivityFilterInput
{
    /// <summary>The limit keeps the URL of the page short enough for browsers and proxies.</summary>
    private const int MaxPeople = 10;

    private const string NoAddress =
        "Enter a full email address, or a mobile number with its country code, like +4915112345678. "
        + "To search for a part of a name, use People.";

    public string? Person { get; set; }

    public string? Kind { get; set; }

    public string? Purpose { get; set; }

    public string? From { get; set; }

    public string? To { get; set; }

    /// <summary>The fields for a filter.</summary>
    internal static ActivityFilterInput Of(ActivityFilter filter) => new()
    {
        Person = string.Join(", ", filter.Addresses),
        Kind = filter.Kind is { } kind ? EventKind.Of(kind).Key : null,
        Purpose = filter.Purpose,
        From = ActivityQuery.Text(filter.From),
        To = ActivityQuery.Text(filter.To),
    };

    /// <summary>Reads the filter; null if a field is invalid.</summary>
    internal ActivityFilter? TryRead(out IReadOnlyList<FieldError> errors)
    {
        var found = new List<FieldError>();
        errors = found;
        var filter = new ActivityFilter
        {
            Kind = EventKind.Find(Kind)?.Kind,
            Purpose = Purpose is { } purpose && ActivityQuery.IsPurpose(purpose) ? purpose : null,
            Addresses = ReadAddresses(found),
            From = ReadTime(nameof(From), From, found),
            To = ReadTime(nameof(To), To, found),
        };
        if (filter.From >= filter.To)
        {
            found.Add(new FieldError(nameof(To), "Choose a time after the one in From, or leave one of them empty."));
        }

        return found.Count == 0 ? filter : null;
    }

    private IReadOnlyList<string> ReadAddresses(List<FieldError> errors)
    {
        var addresses = new List<string>();
        var all = (Person ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (all.Length > MaxPeople)
        {
            errors.Add(new FieldError(nameof(Person), $"You entered {all.Length} people. Enter at most {MaxPeople}, or none."));
            return [];
        }

        foreach (var typed in all)
        {
            if (Identifiers.ParseEither(typed, NoAddress, out var error) is { } identifier)
            {
                addresses.Add(identifier.Value);
            }
            else
            {
                errors.Add(new FieldError(nameof(Person), error!));
            }
        }

        return addresses;
    }

    private static DateTimeOffset? ReadTime(string field, string? typed, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(typed))
        {
            return null;
        }

        var time = ActivityQuery.ParseTime(typed);
        if (time is null)
        {
            errors.Add(new FieldError(field, "Enter a date and a time, like 2026-03-01T14:03, or leave it empty."));
        }

        return time;
    }
}
