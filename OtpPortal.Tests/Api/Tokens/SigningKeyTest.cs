using System.Net;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Api.Tokens;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>A portal with one account, whose tokens tell which key signed them.</summary>
public abstract class SigningKeyTest : IAsyncLifetime
{
    private protected const string Email = "rotation@example.com";

    private protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private protected static readonly TimeSpan UntilDue = TimeSpan.FromDays(90) - KeySchedule.Ahead;

    private protected readonly ApiHost api = new();

    private protected TestClock Clock => api.Portal.Clock!;

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        await api.VerifiedAsync(Email);
    }

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static string KidOf(string token) => Es256.Read(token)!.Kid!;

    private protected static async Task<List<string>> PublishedAsync(ApiHost node) =>
        [.. (await node.GetAsync("/.well-known/jwks.json")).Is(HttpStatusCode.OK).Json.GetProperty("keys").EnumerateArray()
            .Select(key => key.GetProperty("kid").GetString()!)];

    private protected async Task<string> TokenAsync() => (await api.LoginAsync(Email)).Of("token");

    private protected Task<int> RowsAsync() => api.Portal.ReadAsync(db => db.SigningKeys.CountAsync());

    private protected async Task<ApiHost> SecondNodeAsync()
    {
        var node = new ApiHost
        {
            Portal = new PortalHost { Configure = PortalHost.HashQuickly, Database = api.Portal.DatabasePath, Clock = Clock },
        };
        await node.InitializeAsync();
        return node;
    }
}
