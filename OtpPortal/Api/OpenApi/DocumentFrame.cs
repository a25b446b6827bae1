using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using OtpPortal.Api.Tokens;

namespace OtpPortal.Api.OpenApi;

/// <summary>The parts of the OpenAPI document that all routes share: its head, and the components to which they refer.</summary>
internal sealed class DocumentFrame(IOptionsMonitor<CookieAuthenticationOptions> cookies) : IOpenApiDocumentTransformer
{
    /// <summary>The security scheme of the portal's own cookie.</summary>
    public const string Session = "Session";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "OtpPortal",
            Version = "1",
            Description = Text(),
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };

        // The URL is relative: the document is cached for five minutes, and must not show others the host that one request named.
        document.Servers = [new OpenApiServer { Url = "/", Description = "This portal." }];
        document.Tags = Tags.All.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Text }).ToHashSet();
        AddComponents(document);
        AddSecuritySchemes(document);
        PropertyDocs.DropNullReferences(document);
        return Task.CompletedTask;
    }

    private static void AddComponents(OpenApiDocument document)
    {
        foreach (var (name, header) in Headers.All)
        {
            document.AddComponent(name, Headers.Describe(header));
        }

        foreach (var kind in ProblemResponses.All)
        {
            document.AddComponent(kind.Name, ProblemSchemas.Of(kind));
            document.AddComponent(kind.Name, new OpenApiExample { Summary = kind.Problem.Title, Value = Json.Answer(kind.Problem) });
        }

        foreach (var kind in ProblemResponses.Elsewhere)
        {
            document.AddComponent(kind.Name, Responses.Refusal(kind.Status, [kind], document));
        }
    }

    private void AddSecuritySchemes(OpenApiDocument document)
    {
        document.AddComponent(BearerHandler.Name, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The `token` of a response, in the header `Authorization: Bearer TOKEN`.",
        });
        document.AddComponent(Session, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = cookies.Get(IdentityConstants.ApplicationScheme).Cookie.Name,
            Description = "The cookie of a browser that is signed in to the portal's pages. Only routes that change nothing accept it.",
        });
    }

    private static IEnumerable<string> Rows() => ProblemResponses.All
        .Where(kind => kind.Problem.Type != "about:blank")
        .Select(kind => $"| `{kind.Problem.Type}` | {kind.Status} | {kind.When} |");

    private static string Text() =>
        $"""
        Registers people, verifies their address, signs them in and resets passwords with one-time codes.

        Requests and responses are JSON in UTF-8. Requests have at most 16 KB, and unknown members are refused. Later versions may add
        members to responses: ignore those that you do not know. Durations are in seconds.

        A refusal is a problem (RFC 9457) of the media type `application/problem+json`. Decide by `status` and `type`; `title` and `detail`
        are for people. The values of `type` other than `about:blank`:

        | type | status | when |
        |---|---|---|
        {string.Join('\n', Rows())}

        Unknown paths are refused with 404, and unsupported methods with 405 and `Allow`. Every GET route also supports HEAD.
        """;
}
