using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using OtpPortal.Accounts;
using OtpPortal.Hosting;

namespace OtpPortal.Api;

/// <summary>Every refusal of the API. Clients decide by <c>status</c> and <c>type</c>; <c>detail</c> is for people.</summary>
internal static partial class Problems
{
    private const string Kind = "urn:otpportal:problem:";

    /// <summary>400 with the errors of each field, by its name in the request.</summary>
    public static ProblemResult Fields(IEnumerable<FieldError> errors) => new(new HttpValidationProblemDetails(
        errors.GroupBy(error => char.ToLowerInvariant(error.Field[0]) + error.Field[1..])
            .ToDictionary(group => group.Key, group => group.Select(error => error.Message).ToArray()))
    {
        Type = Kind + "fields",
        Title = "Some fields are invalid",
        Status = StatusCodes.Status400BadRequest,
        Detail = "\"errors\" lists what is wrong with each field. Nothing was changed.",
    });

    /// <inheritdoc cref="Fields(IEnumerable{FieldError})"/>
    public static ProblemResult Field(string field, string message) => Fields([new FieldError(field, message)]);

    /// <summary>400 for a body that cannot be read.</summary>
    public static ProblemResult Body(string detail, long? line = null, long? position = null)
    {
        var problem = Problem(StatusCodes.Status400BadRequest, "body", "The body cannot be read", detail);
        if (line is not null)
        {
            problem.Extensions["line"] = line;
            problem.Extensions["position"] = position;
        }

        return new ProblemResult(problem);
    }

    /// <summary>413.</summary>
    public static ProblemResult TooLarge() => new(Problem(
        StatusCodes.Status413PayloadTooLarge, "too-large", "The body is too large",
            $"A request may have at most {ApiMiddleware.MaxBody} bytes."));

    /// <summary>415.</summary>
    public static ProblemResult NotJson() => new(Problem(
        StatusCodes.Status415UnsupportedMediaType, "not-json", "The body is not JSON",
            "Send JSON in UTF-8 with the header Content-Type: application/json."));

    /// <summary>403 for a page of another site.</summary>
    public static ProblemResult ForeignOrigin() => new(Problem(
        StatusCodes.Status403Forbidden, "foreign-origin", "Requests from other sites are not allowed",
            "Call the API from a program, or from a page of this portal."));

    /// <summary>429 for a client address that sends too many requests.</summary>
    public static ProblemResult ClientLimit(TimeSpan wait) => TooMany("client-limit", "Too many requests from your network", wait);

    /// <summary>503 if the database is unavailable or the portal is overloaded.</summary>
    public static ProblemResult Unavailable(TimeSpan wait) => new(
        Problem(
            StatusCodes.Status503ServiceUnavailable,
            "unavailable",
            "The portal is busy right now",
            string.Create(CultureInfo.InvariantCulture, $"Send the same request again in {wait.CeilingSeconds()} seconds.")),
        wait);

    /// <summary>A refusal of the framework or a failure of the portal: the status with its usual title.</summary>
    public static ProblemResult Plain(int status, string? trace = null)
    {
        var problem = new ProblemDetails
        {
            Status = status,
            Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            Type = "about:blank",
        };
        problem.Detail = status switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address. /openapi/v1.json lists all routes.",
            StatusCodes.Status405MethodNotAllowed =>
                "This address does not support this method. The Allow header lists those that it does.",
            >= StatusCodes.Status500InternalServerError =>
                "Something went wrong. Try again. If it persists, tell the administrator the traceId.",
            _ => null,
        };
        if (trace is not null)
        {
            problem.Extensions["traceId"] = trace;
        }

        return new ProblemResult(problem);
    }

    private static ProblemResult TooMany(string kind, string title, TimeSpan wait)
    {
        var seconds = wait.CeilingSeconds();
        var problem = Problem(
            StatusCodes.Status429TooManyRequests, kind, title,
                string.Create(CultureInfo.InvariantCulture, $"Try again in {seconds} seconds."));
        problem.Extensions["cooldownSeconds"] = seconds;
        return new ProblemResult(problem, wait);
    }

    private static ProblemDetails Problem(int status, string kind, string title, string detail) =>
        new() { Type = Kind + kind, Title = title, Status = status, Detail = detail };
}
