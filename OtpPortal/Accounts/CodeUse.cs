using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>What a person enters a code for. Codes that prove an address or a number share a <see cref="Purpose"/>.</summary>
public enum CodeUse
{
    /// <summary>Proves the address of a registration, which becomes an account.</summary>
    VerifyEmail,

    /// <summary>Proves the mobile number that a signed-in person has named.</summary>
    VerifyMobile,

    /// <summary>Signs in, alone or after a password.</summary>
    SignIn,

    /// <summary>Yields the right to set a new password.</summary>
    ResetPassword,
}

/// <summary>Uses of codes and the purposes under which the codes are stored.</summary>
public static class CodeUses
{
    /// <summary>The purpose under which codes of a use are stored.</summary>
    public static Purpose Purpose(this CodeUse use) => use switch
    {
        CodeUse.VerifyEmail or CodeUse.VerifyMobile => Data.Purpose.Register,
        CodeUse.SignIn => Data.Purpose.Login,
        CodeUse.ResetPassword => Data.Purpose.ForgotPassword,
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };

    /// <summary>The use of a code of a purpose that is sent to an identifier.</summary>
    public static CodeUse Of(Purpose purpose, Identifier identifier) => purpose switch
    {
        Data.Purpose.Register => identifier is MobileNumber ? CodeUse.VerifyMobile : CodeUse.VerifyEmail,
        Data.Purpose.Login => CodeUse.SignIn,
        Data.Purpose.ForgotPassword => CodeUse.ResetPassword,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };
}
