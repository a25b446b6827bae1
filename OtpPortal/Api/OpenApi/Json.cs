using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OtpPortal.Api.OpenApi;

internal static class Json
{
    private static readonly JsonSerializerOptions WithoutNulls = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>JSON as the portal writes it.</summary>
    public static JsonNode Answer(object body) => JsonSerializer.SerializeToNode(body, body.GetType(), JsonSerializerOptions.Web)!;

    /// <summary>JSON as a client writes it, without members that are null.</summary>
    public static JsonNode Request(object body) => JsonSerializer.SerializeToNode(body, body.GetType(), WithoutNulls)!;
}
