using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Web;

namespace OtpPortal.Components.Admin;

/// <summary>
/// A filter of the activity log in the URL of a page: <c>kind</c>, <c>purpose</c>, <c>who</c> (encrypted, can be repeated), <c>from</c> and
/// <c>to</c> (UTC).
/// </summary>
internal static class ActivityQuery
{
    private const string Minute = "yyyy-MM-dd'T'HH:mm";
    private const string Second = "yyyy-MM-dd'T'HH:mm:ss";

    /// <summary>The URL of the page or of an export with a filter.</summary>
    public static string Link(string path, ActivityFilter filter, ProtectedText texts, params (string Name, string Value)[] more)
    {
        var query = new List<KeyValuePair<string, string?>>();
        Add("kind", filter.Kind is { } kind ? EventKind.Of(kind).Key : null);
        Add("purpose", filter.Purpose);
        foreach (var address in filter.Addresses)
        {
            Add("who", texts.Protect(address));
        }

        Add("from", Text(filter.From));
        Add("to", Text(filter.To));
        return QueryHelpers.AddQueryString(path, query.Concat(more.Select(one => new KeyValuePair<string, string?>(one.Name, one.Value))));

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                query.Add(new(name, value));
            }
        }
    }

    /// <param name="error">What is wrong and what to do; null if the filter is valid.</param>
    public static ActivityFilter Read(IQueryCollection query, ProtectedText texts, out string? error)
    {
        error = null;
        var kind = EventKind.Find(One("kind"))?.Kind;
        var purpose = One("purpose");
        var from = One("from") is { } fromText ? ParseTime(fromText) : null;
        var to = One("to") is { } toText ? ParseTime(toText) : null;
        var addresses = query["who"].Where(text => !string.IsNullOrEmpty(text)).Select(text => texts.Unprotect(text!)).ToList();
        if (One("kind") is { } unknown && kind is null)
        {
            error = $"There is no kind of event \"{unknown}\". Allowed: {string.Join(", ", EventKind.All.Select(known => known.Key))}.";
        }
        else if (purpose is not null && !IsPurpose(purpose))
        {
            var allowed = string.Join(", ", Enum.GetValues<Purpose>().Select(known => known.Name()));
            error = $"There is no purpose \"{purpose}\". Allowed: {allowed}.";
        }
        else if ((One("from") is not null && from is null) || (One("to") is not null && to is null))
        {
            error = "From and until must be times in UTC, like 2026-03-01T14:03.";
        }
        else if (addresses.Contains(null))
        {
            error = "The person in this link can no longer be read, because the portal's keys were replaced. Enter the address again.";
        }

        return new ActivityFilter { Kind = kind, Purpose = purpose, Addresses = [.. addresses.OfType<string>()], From = from, To = to };

        string? One(string name) => query[name].FirstOrDefault(text => !string.IsNullOrEmpty(text));
    }

    public static bool IsPurpose(string name) => Enum.GetValues<Purpose>().Any(purpose => purpose.Name() == name);

    /// <summary>Reads a time in UTC, to the minute or second; null if the text is not one.</summary>
    public static DateTimeOffset? ParseTime(string? text) => DateTimeOffset.TryParseExact(
        text, [Minute, Second], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    /// <summary>A time in UTC, in the format of a field.</summary>
    public static string? Text(DateTimeOffset? moment) =>
        moment?.UtcDateTime.ToString(moment.Value.Second == 0 ? Minute : Second, CultureInfo.InvariantCulture);
}
