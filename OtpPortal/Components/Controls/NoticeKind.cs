namespace OtpPortal.Components.Controls;

/// <summary>The kind of a notice, which decides its colour.</summary>
public enum NoticeKind
{
    Info,
    Success,
    Error,
}
