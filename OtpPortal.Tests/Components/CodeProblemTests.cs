using Bunit;
using OtpPortal.Components.Controls;
using OtpPortal.Otp;

namespace OtpPortal.Tests.Components;

/// <summary>Every outcome says what happened and what to do.</summary>
public sealed class CodeProblemTests : IAsyncLifetime
{
    private readonly BunitContext page = new();

    public static TheoryData<VerifyOutcome, string> Sentences => new()
    {
        { new VerifyOutcome.Malformed(6, Alphabet.Digits), "A code has 6 digits and nothing else. Enter the one in the newest message; this did not count as a try." },
        { new VerifyOutcome.Malformed(8, Alphabet.DigitsAndLetters), "A code has 8 letters and digits. Enter the one in the newest message; this did not count as a try." },
        { new VerifyOutcome.Wrong(4), "That is not the code. Check it and try again: 4 tries left." },
        { new VerifyOutcome.Wrong(1), "That is not the code. Check it and try again: 1 try left." },
        { new VerifyOutcome.Wrong(0), "That is not the code, and it was the last try. Ask for a new one with “Resend code”." },
        {
            new VerifyOutcome.Superseded(new DateTimeOffset(2026, 3, 1, 14, 3, 0, TimeSpan.Zero), 5),
            "That is the earlier code; a newer one was sent at 14:03 UTC. Enter the newer one; this did not count as a try."
        },
        { new VerifyOutcome.Expired(), "That code has expired. Ask for a new one with “Resend code”." },
        { new VerifyOutcome.TooManyAttempts(), "This code was tried too often and is no longer valid. Ask for a new one with “Resend code”." },
        { new VerifyOutcome.Locked(TimeSpan.FromHours(24)), "Too many wrong codes in a row: this is locked for 24 hours. Try again then." },
        { new VerifyOutcome.None(), "No code is waiting here: it was used already, or its time is over. Ask for a new one with “Resend code”." },
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => page.DisposeAsync();

    [Theory]
    [MemberData(nameof(Sentences), DisableDiscoveryEnumeration = true)]
    public void An_outcome_is_told_in_a_sentence(VerifyOutcome outcome, string sentence)
    {
        var problem = page.Render<CodeProblem>(parameters => parameters.Add(it => it.Outcome, outcome));

        var words = string.Concat(problem.Nodes.Select(node => node.TextContent)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(sentence, string.Join(' ', words).Replace(" .", ".", StringComparison.Ordinal));
    }

    [Fact]
    public void A_time_is_written_so_that_the_browser_can_show_it_in_its_own_zone()
    {
        var at = new DateTimeOffset(2026, 3, 1, 15, 3, 0, TimeSpan.FromHours(1));

        var problem = page.Render<CodeProblem>(parameters => parameters.Add(it => it.Outcome, new VerifyOutcome.Superseded(at, 5)));

        Assert.Equal("2026-03-01T14:03:00.0000000Z", problem.Find("time[data-local]").GetAttribute("datetime"));
    }
}
