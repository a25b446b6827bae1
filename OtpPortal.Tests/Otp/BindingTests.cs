using OtpPortal.Otp;

namespace OtpPortal.Tests.Otp;

public sealed class BindingTests
{
    // RFC 7636, appendix B.
    [Fact]
    public void The_challenge_of_a_binding_is_that_of_PKCE() => Assert.Equal(
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        Binding.FromVerifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").Challenge);

    [Fact]
    public void Bindings_of_one_verifier_are_equal_and_of_two_are_not()
    {
        Assert.Equal(Binding.FromVerifier("one"), Binding.FromVerifier("one"));
        Assert.NotEqual(Binding.FromVerifier("one"), Binding.FromVerifier("two"));
        Assert.NotEqual(Binding.None, Binding.FromVerifier(""));
    }
}
