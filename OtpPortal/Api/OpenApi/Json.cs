using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OtpPortal.Api.OpenApi;

/// <summary>Examples as JSON.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions WithoutNulls = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>As the portal writes it.</summary>
    public static JsonNode Answer(object body) => JsonSerializer.SerializeToNode(body, body.GetType(), JsonSerializerOptions.Web)!;

    /// <summary>As a client writes it: what it does not say is left out.</summary>
    public static JsonNode Request(object body) => JsonSerializer.SerializeToNode(body, body.GetType(), WithoutNulls)!;
}
