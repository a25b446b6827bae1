using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace OtpPortal.Api.OpenApi;

/// <summary>The OpenAPI document as it is served. It is created once, because nothing in it depends on the request.</summary>
internal sealed class OpenApiFile([FromKeyedServices(OpenApiFile.Name)] IOpenApiDocumentProvider provider) : IDisposable
{
    public const string Name = "v1";

    private readonly SemaphoreSlim making = new(1);
    private byte[]? made;

    /// <summary>Returns the document, or 304.</summary>
    public async Task<FileContentHttpResult> ServeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var text = made ?? await MakeAsync(cancellationToken);
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Bytes(text, "application/json; charset=utf-8",
            entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexString(SHA256.HashData(text))}\""));
    }

    public void Dispose() => making.Dispose();

    private async Task<byte[]> MakeAsync(CancellationToken cancellationToken)
    {
        await making.WaitAsync(cancellationToken);
        try
        {
            if (made is null)
            {
                var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
                made = Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None));
            }

            return made;
        }
        finally
        {
            making.Release();
        }
    }
}
