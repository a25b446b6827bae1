using System.Text.Json;
using Microsoft.OpenApi;

namespace OtpPortal.Api.OpenApi;

/// <summary>The response headers. A response has every header that the document names for it.</summary>
internal static class Headers
{
    public const string NoStore = "NoStore";
    public const string Cached = "Cached";
    public const string RetryAfter = "RetryAfter";
    public const string Challenge = "Challenge";
    public const string Allow = "Allow";
    public const string SignInPage = "SignInPage";
    public const string User = "User";
    public const string UserEmail = "UserEmail";
    public const string UserRoles = "UserRoles";

    /// <summary>All headers, by the names of the constants.</summary>
    public static readonly IReadOnlyDictionary<string, HeaderDocs> All = new Dictionary<string, HeaderDocs>(StringComparer.Ordinal)
    {
        [NoStore] = new("Cache-Control", "The response must not be stored.", "no-store"),
        [Cached] = new("Cache-Control", "How many seconds the response may be cached.", "public, max-age=300"),
        [RetryAfter] = new("Retry-After", "Seconds to wait; the same as `cooldownSeconds` in the body, if it is there.", 97),
        [Challenge] = new(
            "WWW-Authenticate", "`Bearer`, with `error=\"invalid_token\"` if the request has an invalid token (RFC 6750).", "Bearer"),
        [Allow] = new("Allow", "The methods that the route supports.", "POST"),
        [SignInPage] = new("Location",
            "The sign-in page. If the request named the requested page, and its host is one of `ForwardAuth:AllowedHosts`, the person "
                + "returns there after signing in.", "https://portal.example.com/login?returnUrl=https%3A%2F%2Fwiki.example.com%2Fstart"),
        [User] = new("X-Auth-User", "The id of the account, as in `sub` of access tokens. It never changes.",
            "5f0c7e52-6a1b-4b7e-9a43-0d9c1f2b8a11"),
        [UserEmail] = new("X-Auth-Email", "The email address, in UTF-8.", "ann@example.com"),
        [UserRoles] = new("X-Auth-Roles", "The roles of the account, separated by commas; empty if it has none.", "Admin"),
    };

    public static IReadOnlyList<string> OfRefusal(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => [NoStore, Challenge],
        StatusCodes.Status405MethodNotAllowed => [NoStore, Allow],
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => [NoStore, RetryAfter],
        _ => [NoStore],
    };

    public static Dictionary<string, IOpenApiHeader> Refer(IEnumerable<string> names, OpenApiDocument document) =>
        names.ToDictionary(name => All[name].Name, IOpenApiHeader (name) => new OpenApiHeaderReference(name, document));

    public static OpenApiHeader Describe(HeaderDocs header) => new()
    {
        Description = header.Text,
        Required = true,
        Schema = SchemaOf(header),
        Example = header.Value.DeepClone(),
    };

    /// <summary>The type of the value: a string, or a whole number that is not negative.</summary>
    public static OpenApiSchema SchemaOf(HeaderDocs header) => header.Value.GetValueKind() == JsonValueKind.Number
        ? new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" }
        : new OpenApiSchema { Type = JsonSchemaType.String };
}
