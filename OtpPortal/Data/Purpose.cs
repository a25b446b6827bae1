namespace OtpPortal.Data;

/// <summary>What a code is for. A code of one purpose is worthless for another.</summary>
public enum Purpose
{
    /// <summary>Proves that a new account's address is its registrant's.</summary>
    Register,

    /// <summary>Signs in.</summary>
    Login,

    /// <summary>Yields the right to set a new password.</summary>
    ForgotPassword,
}

/// <summary>The names of purposes, as they stand in the database, in the API and in the configuration.</summary>
public static class PurposeNames
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
