using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>Signing keys through their lives.</summary>
public sealed class RotationTests : SigningKeyTest
{
    [Fact]
    public async Task A_new_signing_key_is_published_for_an_hour_before_it_signs()
    {
        var old = KidOf(await TokenAsync());
        Clock.Advance(UntilDue - Second);
        Assert.Equal([old], await PublishedAsync(api));

        Clock.Advance(Second);
        var both = await PublishedAsync(api);
        Assert.Equal(old, both[0]);
        Assert.Equal(2, both.Count);
        Assert.Equal(old, KidOf(await TokenAsync()));

        Clock.Advance(KeySchedule.Ahead - Second);
        Assert.Equal(old, KidOf(await TokenAsync()));
        Clock.Advance(Second);
        Assert.Equal(both[1], KidOf(await TokenAsync()));
    }

    [Fact]
    public async Task Tokens_stay_valid_across_a_key_rotation_and_the_old_key_goes_with_the_last_of_them()
    {
        var old = KidOf(await TokenAsync());
        Clock.Advance(UntilDue);
        await PublishedAsync(api);
        Clock.Advance(KeySchedule.Ahead - Second);
        var last = await TokenAsync();
        Assert.Equal(old, KidOf(last));

        Clock.Advance(Second);
        var first = await TokenAsync();
        Assert.NotEqual(old, KidOf(first));
        Clock.Advance(TimeSpan.FromMinutes(15) + AccessTokens.Skew - Second - Second);
        (await api.GetAsync("/api/auth/me", last)).Is(HttpStatusCode.OK);
        (await api.GetAsync("/api/auth/me", first)).Is(HttpStatusCode.OK);
        Assert.Equal([old, KidOf(first)], await PublishedAsync(api));
        await PurgeAsync();
        Assert.Equal(2, await RowsAsync());

        // The last token is over; its key is published for a second more.
        Clock.Advance(Second);
        (await api.GetAsync("/api/auth/me", last)).Is(HttpStatusCode.Unauthorized);
        Assert.Equal([old, KidOf(first)], await PublishedAsync(api));

        Clock.Advance(Second);
        Assert.Equal([KidOf(first)], await PublishedAsync(api));
        await PurgeAsync();
        Assert.Equal(1, await RowsAsync());
        (await api.GetAsync("/api/auth/me", await TokenAsync())).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_portal_unused_for_a_year_signs_with_its_old_key_and_publishes_a_new_one()
    {
        var old = KidOf(await TokenAsync());
        Clock.Advance(TimeSpan.FromDays(365));

        var token = await TokenAsync();
        Assert.Equal(old, KidOf(token));
        (await api.GetAsync("/api/auth/me", token)).Is(HttpStatusCode.OK);
        Assert.Equal(2, (await PublishedAsync(api)).Count);
    }

    private async Task PurgeAsync()
    {
        foreach (var purge in api.Portal.Services.GetServices<IPurge>())
        {
            await purge.RunAsync(TestContext.Current.CancellationToken);
        }
    }
}
