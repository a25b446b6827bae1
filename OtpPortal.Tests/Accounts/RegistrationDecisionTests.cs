using OtpPortal.Accounts;

namespace OtpPortal.Tests.Accounts;

/// <summary>Every case of the decision, one row each.</summary>
public sealed class RegistrationDecisionTests
{
    [Theory]

    // A browser, which nobody else can pass for: what it types last counts.
    [InlineData(true, true, false, false, "Replace")]
    [InlineData(true, true, false, true, "Replace")]
    [InlineData(true, true, true, false, "Replace")]
    [InlineData(true, true, true, true, "Replace")]
    [InlineData(false, true, true, false, "Replace")]
    [InlineData(false, true, true, true, "Replace")]

    // A browser that registers for the first time while another's code is too recent leaves nothing.
    [InlineData(false, true, false, false, "LeaveAlone")]
    [InlineData(false, true, false, true, "LeaveAlone")]

    // Programs without a binding, which may be different people.
    [InlineData(true, false, false, false, "Replace")]
    [InlineData(true, false, false, true, "Replace")]
    [InlineData(true, false, true, true, "Replace")]
    [InlineData(true, false, true, false, "ReplaceContested")]
    [InlineData(false, false, true, false, "Contest")]
    [InlineData(false, false, true, true, "LeaveAlone")]
    [InlineData(false, false, false, false, "LeaveAlone")]
    [InlineData(false, false, false, true, "LeaveAlone")]
    public void What_becomes_of_a_registration(bool isSent, bool isBound, bool hasPrior, bool isSamePassword, string expected) =>
        Assert.Equal(expected, RegistrationDecision.Decide(isSent, isBound, hasPrior, isSamePassword).ToString());
}
