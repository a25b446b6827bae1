using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>What a code is for. Codes that verify an address and codes that verify a number share a <see cref="Purpose"/>.</summary>
public enum CodeUse
{
    /// <summary>Verifies the address of a registration, which becomes an account.</summary>
    VerifyEmail,

    /// <summary>Verifies the mobile number of a signed-in person.</summary>
    VerifyMobile,

    /// <summary>Signs a person in, alone or after a password.</summary>
    SignIn,

    /// <summary>Allows setting a new password.</summary>
    ResetPassword,
}

/// <summary>Maps the uses of codes to the purposes under which the codes are stored.</summary>
internal static class CodeUses
{
    public static Purpose Purpose(this CodeUse use) => use switch
    {
        CodeUse.VerifyEmail or CodeUse.VerifyMobile => Data.Purpose.Register,
        CodeUse.SignIn => Data.Purpose.Login,
        CodeUse.ResetPassword => Data.Purpose.ForgotPassword,
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };

    /// <summary>Whether only a signed-in person may request the code, for their own account.</summary>
    public static bool RequiresSignIn(this CodeUse use) => use == CodeUse.VerifyMobile;

    public static CodeUse Of(Purpose purpose, Identifier identifier) => purpose switch
    {
        Data.Purpose.Register => identifier is MobileNumber ? CodeUse.VerifyMobile : CodeUse.VerifyEmail,
        Data.Purpose.Login => CodeUse.SignIn,
        Data.Purpose.ForgotPassword => CodeUse.ResetPassword,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };
}
