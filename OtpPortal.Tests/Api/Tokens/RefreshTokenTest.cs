using System.Net;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>A portal with one account, and a program that signs in to it.</summary>
public abstract class RefreshTokenTest : IAsyncLifetime
{
    private protected const string Email = "sessions@example.com";

    private protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private protected readonly ApiHost api = new();

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

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

    private protected static void RefusedFor(ApiResponse answer)
    {
        answer.Is(HttpStatusCode.Unauthorized);
        Assert.Equal("urn:otpportal:problem:wrong-refresh-token", answer.Of("type"));
        Assert.Equal("application/problem+json", answer.MediaType);
    }

    private protected Task<ApiResponse> UseAsync(string refreshToken) => api.PostAsync("refresh", new { refreshToken });

    private protected async Task EndedAsync(ApiResponse login)
    {
        (await api.GetAsync("/api/auth/me", login.Of("token"))).Is(HttpStatusCode.Unauthorized);
        (await api.GetAsync("/api/auth/check", login.Of("token"))).Is(HttpStatusCode.Unauthorized);
        RefusedFor(await UseAsync(login.Of("refreshToken")));
    }

    private protected async Task GoodAsync(ApiResponse login) =>
        (await api.GetAsync("/api/auth/me", login.Of("token"))).Is(HttpStatusCode.OK);

    private protected Task<int> RowsAsync() => api.Portal.ReadAsync(db => db.RefreshTokens.CountAsync());
}
