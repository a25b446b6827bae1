namespace OtpPortal.Components.Controls;

/// <summary>What a notice tells.</summary>
public enum NoticeKind
{
    Info,
    Success,
    Error,
}
