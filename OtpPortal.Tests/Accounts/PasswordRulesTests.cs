using OtpPortal.Accounts;

namespace OtpPortal.Tests.Accounts;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("zk4-9qx7")]
    [InlineData("        a b")]
    [InlineData("пароль-мой-длинный")]
    [InlineData("password and then some")]
    public void A_password_needs_length_and_no_composition(string password) =>
        Assert.Null(PasswordRules.Check(password, "ann@example.com"));

    [Theory]
    [InlineData(null, "Enter a password")]
    [InlineData("", "Enter a password")]
    [InlineData("zk4-9qx", "7 of at least 8")]
    [InlineData("password", "too common")]
    [InlineData("PassWord1", "too common")]
    [InlineData("12345678", "too common")]
    [InlineData("aaaaaaaaaaaa", "too common")]
    [InlineData("abababababab", "too common")]
    [InlineData("ann.other@example.com", "your address")]
    [InlineData("ANN.OTHER@example.com", "your address")]
    [InlineData("Ann.Other", "your address")]
    public void A_common_password_is_refused_with_a_reason(string? password, string reason) =>
        Assert.Contains(reason, PasswordRules.Check(password, "ann.other@example.com"), StringComparison.Ordinal);

    [Fact]
    public void The_characters_of_a_password_are_counted_as_people_count_them()
    {
        const string family = "\U0001F468\u200d\U0001F469\u200d\U0001F467";

        Assert.Contains("1 of at least 8", PasswordRules.Check(family, null), StringComparison.Ordinal);
        Assert.Contains("7 of at least 8", PasswordRules.Check("e\u0301tranges"[..8], null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_has_at_most_128_characters()
    {
        var longest = string.Concat(Enumerable.Range(0, 32).Select(i => $"{i:00}-x"));

        Assert.Equal(128, longest.Length);
        Assert.Null(PasswordRules.Check(longest, null));
        Assert.Contains("128", PasswordRules.Check(longest + "y", null), StringComparison.Ordinal);
    }

    [Fact]
    public void The_other_password_rules_hold_without_a_readable_address()
    {
        Assert.Null(PasswordRules.Check("correct horse battery", null));
        Assert.NotNull(PasswordRules.Check("password", null));
    }
}
