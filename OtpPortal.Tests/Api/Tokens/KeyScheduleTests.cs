using OtpPortal.Api.Tokens;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>The arithmetic of rotation, one second before and after.</summary>
public sealed class KeyScheduleTests
{
    private static readonly DateTimeOffset Made = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly KeySchedule Schedule = new(TimeSpan.FromDays(90), TimeSpan.FromMinutes(15));

    [Fact]
    public void The_first_signing_key_is_due_at_once() => Assert.True(Schedule.IsDue(null, Made));

    [Fact]
    public void The_next_signing_key_is_due_an_hour_before_the_newest_is_old()
    {
        var due = Made + TimeSpan.FromDays(90) - TimeSpan.FromHours(1);

        Assert.False(Schedule.IsDue(Made, Made));
        Assert.False(Schedule.IsDue(Made, due - Second));
        Assert.True(Schedule.IsDue(Made, due));
        Assert.True(Schedule.IsDue(Made, due + TimeSpan.FromDays(1000)));
    }

    [Fact]
    public void A_new_signing_key_signs_after_an_hour()
    {
        var next = Made + TimeSpan.FromDays(90) - TimeSpan.FromHours(1);

        Assert.Equal("old", Signing([("old", Made), ("new", next)], next));
        Assert.Equal("old", Signing([("old", Made), ("new", next)], next + TimeSpan.FromHours(1) - Second));
        Assert.Equal("new", Signing([("old", Made), ("new", next)], next + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void The_only_signing_key_signs_at_once_and_of_several_new_ones_the_oldest()
    {
        Assert.Null(Signing([], Made));
        Assert.Equal("only", Signing([("only", Made)], Made));
        Assert.Equal("first", Signing([("first", Made), ("second", Made + Second)], Made + Second));
    }

    [Fact]
    public void An_old_signing_key_is_published_until_the_last_token_it_may_have_signed_has_expired()
    {
        var successor = Made + TimeSpan.FromDays(90) - TimeSpan.FromHours(1);
        var lastSigned = successor + TimeSpan.FromHours(1) - Second;

        Assert.Equal(lastSigned + TimeSpan.FromMinutes(15) + AccessTokens.Skew + Second, Schedule.PublishedUntil(successor));
    }

    private static string? Signing((string Name, DateTimeOffset MadeAt)[] keys, DateTimeOffset now) =>
        KeySchedule.Signing([.. keys.Select(key => Tuple.Create(key.Name, key.MadeAt))], key => key.Item2, now)?.Item1;
}
