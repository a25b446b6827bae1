using OtpPortal.Accounts;
using OtpPortal.Delivery;
using OtpPortal.Otp;
using OtpPortal.Web;

namespace OtpPortal.Components.Account;

/// <summary>What differs on <c>/verify</c> between the uses of codes.</summary>
internal static class VerifyTexts
{
    public static string Heading(CodeUse use) => use switch
    {
        CodeUse.VerifyMobile => "Verify your mobile",
        CodeUse.VerifyEmail => "Verify your address",
        CodeUse.SignIn => "Enter your code",
        CodeUse.ResetPassword => "Reset your password",
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };

    /// <summary>The sentence before the address. It must be true for an address without an account too.</summary>
    public static string Lead(Flow flow, PurposeRules rules)
    {
        var code = rules.Alphabet == Alphabet.Digits ? $"{rules.CodeLength}-digit code" : $"{rules.CodeLength}-character code";
        return flow.Use is CodeUse.VerifyEmail or CodeUse.VerifyMobile ? $"Enter the {code} that we sent to"
            : flow.Channel == Channels.Email ? $"If there is an account with this address, a {code} is on its way to"
            : $"If this address has an account with a verified mobile, a {code} is on its way to that phone. You entered";
    }

    /// <summary>The page on which the flow began.</summary>
    public static string StartPage(CodeUse use) => use switch
    {
        CodeUse.VerifyMobile => "/account",
        CodeUse.VerifyEmail => "/register",
        CodeUse.SignIn => "/login",
        CodeUse.ResetPassword => "/forgot-password",
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };
}
