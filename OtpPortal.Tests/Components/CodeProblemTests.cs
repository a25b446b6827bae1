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
        { new VerifyOutcome.Malformed(6, Alphabet.Digits),
            "A code has 6 digits. Enter the one in the newest message. This did not count as an attempt." },
        { new VerifyOutcome.Malformed(8, Alphabet.DigitsAndLetters),
            "A code has 8 letters and digits. Enter the one in the newest message. This did not count as an attempt." },
        { new VerifyOutcome.Wrong(4), "Wrong code. Check it and try again: 4 attempts left." },
        { new VerifyOutcome.Wrong(1), "Wrong code. Check it and try again: 1 attempt left." },
        { new VerifyOutcome.Wrong(0), "Wrong code. There are no attempts left. Request a new code with “Resend code”." },
        {
            new VerifyOutcome.Superseded(new DateTimeOffset(2026, 3, 1, 14, 3, 0, TimeSpan.Zero), 5),
            "That is the earlier code; a newer one was sent at 14:03 UTC. Enter the newer one. This did not count as an attempt."
        },
        { new VerifyOutcome.Expired(), "This code has expired. Request a new code with “Resend code”." },
        { new VerifyOutcome.TooManyAttempts(), "Too many attempts. This code is no longer valid. Request a new code with “Resend code”." },
        { new VerifyOutcome.Locked(TimeSpan.FromHours(24)), "Too many wrong codes. Try again in 24 hours." },
        { new VerifyOutcome.None(), "No code is valid here: the last one was used or has expired. Request a new code with “Resend code”." },
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => page.DisposeAsync();

    [Theory]
    [MemberData(nameof(Sentences), DisableDiscoveryEnumeration = true)]
    public void Each_outcome_of_a_code_has_a_sentence(VerifyOutcome outcome, string sentence)
    {
        var problem = page.Render<CodeProblem>(parameters => parameters.Add(it => it.Outcome, outcome));

        var words = string.Concat(problem.Nodes.Select(node => node.TextContent))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(sentence, string.Join(' ', words).Replace(" .", ".", StringComparison.Ordinal));
    }

    [Fact]
    public void A_time_in_a_code_problem_is_written_so_that_the_browser_can_show_it_in_its_own_zone()
    {
        var at = new DateTimeOffset(2026, 3, 1, 15, 3, 0, TimeSpan.FromHours(1));

        var problem = page.Render<CodeProblem>(parameters => parameters.Add(it => it.Outcome, new VerifyOutcome.Superseded(at, 5)));

        Assert.Equal("2026-03-01T14:03:00.0000000Z", problem.Find("time[data-local]").GetAttribute("datetime"));
    }
}
