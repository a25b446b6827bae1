using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Tests.Support;

/// <summary>The words in which tests talk to the heart of the portal.</summary>
internal static class OtpSteps
{
    public static readonly Binding Browser = Binding.FromVerifier("the browser that asked");

    public static readonly Binding OtherBrowser = Binding.FromVerifier("the browser of somebody else");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Asks for a code, whatever comes of it.</summary>
    public static Task<SendOutcome> TrySendAsync(
        this PortalHost portal, string email, Purpose purpose = Purpose.Login, Binding? binding = null) =>
        portal.Otp.SendAsync(new SendRequest(Identifier.FromStored(email), purpose, binding ?? Browser), Cancel);

    /// <summary>Sends a code and reads it out of its mail.</summary>
    public static async Task<string> SendAsync(
        this PortalHost portal, string email, Purpose purpose = Purpose.Login, Binding? binding = null)
    {
        Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(email, purpose, binding));
        return await portal.CodeForAsync(email);
    }

    public static Task<VerifyOutcome> VerifyAsync(
        this PortalHost portal, string email, string? typed, Purpose purpose = Purpose.Login, Binding? binding = null) =>
        portal.Otp.VerifyAsync(Identifier.FromStored(email), purpose, binding ?? Browser, typed, Cancel);

    /// <summary>Guesses wrong so many times, and answers what came of the last one.</summary>
    public static async Task<VerifyOutcome> GuessAsync(this PortalHost portal, string email, string wrong, int times = 1)
    {
        VerifyOutcome last = new VerifyOutcome.None();
        for (var i = 0; i < times; i++)
        {
            last = await portal.VerifyAsync(email, wrong);
        }

        return last;
    }

    public static Task<CodeStatus?> StatusAsync(this PortalHost portal, string email, Purpose purpose = Purpose.Login) =>
        portal.Otp.StatusAsync(Identifier.FromStored(email), purpose, Cancel);

    public static void Wait(this PortalHost portal, TimeSpan time) => portal.Clock!.Advance(time);
}
