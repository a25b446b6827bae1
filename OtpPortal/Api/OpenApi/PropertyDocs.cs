using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Delivery;

namespace OtpPortal.Api.OpenApi;

/// <summary>
/// The documentation of the members of requests and responses. A name means the same everywhere, unless it is listed with its type.
/// </summary>
internal static class PropertyDocs
{
    private const string Base64Url32 = "^[A-Za-z0-9_-]{43}$";
    private const string E164 = @"^\+[1-9][0-9]{6,14}$";

    private static readonly Dictionary<string, Action<OpenApiSchema>> All = new(StringComparer.Ordinal)
    {
        ["email"] = Is(
            "The email address that identifies the person. Its case does not matter.",
            format: "idn-email", longest: EmailAddress.MaxLength),
        ["mobile"] = Is(
            "The verified mobile number that identifies the person instead of `email`, in E.164: a plus, the country code, the number. "
                + "Spaces, hyphens, dots and brackets are ignored."),
        ["RegisterRequest.mobile"] = Is(
            "The person's mobile number in E.164: a plus, the country code, the number. Spaces, hyphens, dots and brackets are ignored."),
        ["password"] = Is("The account's password."),
        ["RegisterRequest.password"] = Is(
            "At least 8 characters, not one of the most common passwords, and not the address. There are no other rules.",
                PasswordRules.MinLength, PasswordRules.MaxLength),
        ["newPassword"] = Is("At least 8 characters, not one of the most common passwords, and not the address. There are no other rules.",
            PasswordRules.MinLength, PasswordRules.MaxLength),
        ["firstName"] = Is("The person's first name.", longest: 100),
        ["lastName"] = Is("The person's last name.", longest: 100),
        ["userName"] = Is("A name of the person's choice: 3 to 30 letters a to z, digits, dots, hyphens or underscores.",
            pattern: "^[A-Za-z0-9._-]{3,30}$"),
        ["otp"] = Is("The code as the person typed it. Spaces and hyphens are ignored, and digits of any script are accepted."),
        ["purpose"] = Is("What the code is for. A code for one purpose is not valid for another.",
            of: [.. Enum.GetValues<Purpose>().Select(purpose => purpose.Name())]),
        ["channel"] = Is("How the code is sent. `sms` and `whatsapp` are available if the portal is configured for them.",
            of: [Channels.Email, Channels.Sms, Channels.WhatsApp]),
        ["codeChallenge"] = Is(
            "Binds the code to this client, as in PKCE (RFC 7636): the SHA-256 of a `codeVerifier` in base64url without padding. The "
                + "code is then not valid without the verifier.", pattern: Base64Url32),
        ["codeVerifier"] = Is(
            "The verifier of the `codeChallenge`, if the code was requested with one: 43 to 128 letters, digits or `-._~`.",
            pattern: "^[A-Za-z0-9._~-]{43,128}$"),
        ["loginToken"] = Is(
            "The token of the 202 response after the correct password, if a code is the second factor. It is valid for ten minutes.",
                pattern: Base64Url32),
        ["move"] = Is("Whether to move the mobile number from another account that has it."),
        ["refreshToken"] = Is("The refresh token that came with the last access token. It can be used once.", pattern: Base64Url32),
        ["resetToken"] = Is(
            "The token of the response of `POST /api/auth/forgot-password/verify-otp`. It can be used once.", pattern: Base64Url32),

        // The text of response members is the XML documentation of their types. These are their values.
        ["ProfileResponse.mobile"] = Is(pattern: E164),
        ["token"] = Is(pattern: @"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"),
        ["tokenType"] = Is(of: ["Bearer"]),
        ["cooldownSeconds"] = AtLeast(0),
        ["expiresInSeconds"] = AtLeast(0),
        ["loginAt"] = AtLeast(0),
        ["kty"] = Is(of: ["EC"]),
        ["crv"] = Is(of: ["P-256"]),
        ["use"] = Is(of: ["sig"]),
        ["alg"] = Is(of: ["ES256"]),
        ["x"] = Is(pattern: Base64Url32),
        ["y"] = Is(pattern: Base64Url32),
    };

    /// <summary>Adds the text of a member, unless its type already has one, and lists which members of a type are required.</summary>
    public static Task ApplyAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { } member)
        {
            if (!member.IsGetNullable || IsMarked<RequiredAttribute>(member) || IsMarked<JsonIgnoreAttribute>(member))
            {
                schema.Type &= ~JsonSchemaType.Null;
            }

            var name = $"{member.DeclaringType.Name}.{member.Name}";
            if (All.TryGetValue(name, out var describe) || All.TryGetValue(member.Name, out describe))
            {
                describe(schema);
            }
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            var isRequest = context.JsonTypeInfo.Type.Name.EndsWith("Request", StringComparison.Ordinal);
            schema.Required = context.JsonTypeInfo.Properties
                .Where(property => isRequest ? IsMarked<RequiredAttribute>(property) : !IsMarked<JsonIgnoreAttribute>(property))
                .Select(property => property.Name)
                .ToHashSet();
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// A member that is omitted rather than null is never null. The framework declares null for members that are objects.
    /// </summary>
    public static void DropNullReferences(OpenApiDocument document)
    {
        foreach (var properties in document.Components!.Schemas!.Values.Select(schema => schema.Properties)
            .OfType<IDictionary<string, IOpenApiSchema>>())
        {
            foreach (var (name, schema) in properties.ToList())
            {
                if (schema.OneOf?.OfType<OpenApiSchemaReference>().SingleOrDefault() is { } reference)
                {
                    properties[name] = reference;
                }
            }
        }
    }

    private static bool IsMarked<T>(JsonPropertyInfo member)
        where T : Attribute =>
        member.AttributeProvider?.IsDefined(typeof(T), inherit: true) ?? false;

    private static Action<OpenApiSchema> AtLeast(int least) => schema => schema.Minimum = least.ToString(CultureInfo.InvariantCulture);

    private static Action<OpenApiSchema> Is(
        string? text = null, int? shortest = null, int? longest = null, string? pattern = null, string? format = null,
            string[]? of = null) => schema =>
        {
            schema.Description ??= text;
            schema.MinLength = shortest;
            schema.MaxLength = longest;
            schema.Pattern = pattern;
            schema.Format = format ?? schema.Format;
            if (of is not null)
            {
                // If null is allowed, an enumeration has to contain it.
                schema.Enum = [.. of.Select(value => (JsonNode)value),
                    .. schema.Type!.Value.HasFlag(JsonSchemaType.Null) ? [JsonNullSentinel.JsonNull] : Array.Empty<JsonNode>()];
            }
        };
}
