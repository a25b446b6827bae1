namespace OtpPortal.Data;

/// <summary>What a code is for. A code of one purpose does not work for another.</summary>
public enum Purpose
{
    /// <summary>Verifies the address of a new account.</summary>
    Register,

    /// <summary>Signs in.</summary>
    Login,

    /// <summary>Gives the right to set a new password.</summary>
    ForgotPassword,
}

/// <summary>The names of purposes in the database, the API and the configuration.</summary>
internal static class PurposeNames
{
    /// <summary><c>register</c>, <c>login</c> or <c>forgot_password</c>.</summary>
    public static string Name(this Purpose purpose) => purpose switch
    {
        Purpose.Register => "register",
        Purpose.Login => "login",
        Purpose.ForgotPassword => "forgot_password",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };
}
