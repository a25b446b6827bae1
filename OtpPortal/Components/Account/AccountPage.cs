using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using OtpPortal.Accounts;
using OtpPortal.Components.Controls;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Hosting;
using OtpPortal.Otp;
using OtpPortal.Web;

namespace OtpPortal.Components.Account;

/// <summary>The base of the form pages: it knows the browser and shows outcomes.</summary>
public abstract class AccountPage : ComponentBase
{
    [CascadingParameter] protected HttpContext Http { get; set; } = null!;

    [Inject] protected Flows Flows { get; set; } = null!;

    [Inject] protected KnownMobile KnownMobile { get; set; } = null!;

    [Inject] protected AccountCodes Codes { get; set; } = null!;

    [Inject] private ClientLimits Limits { get; set; } = null!;

    [Inject] private Unavailability Unavailable { get; set; } = null!;

    [Inject] private ReturnUrls Urls { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    /// <summary>Where the person was going before signing in.</summary>
    [SupplyParameterFromQuery(Name = "returnUrl")] protected string? ReturnUrl { get; set; }

    /// <summary>What is wrong with the form as a whole, for the notice above it.</summary>
    protected string? Problem { get; set; }

    /// <summary>The browser, to which codes are bound.</summary>
    protected Binding Browser => BrowserBinding.Read(Http);

    /// <summary>The browser and its family, which the message with the code mentions.</summary>
    protected Requester Requester => new(Browser, BrowserFamily.Of(Http.Request.Headers.UserAgent));

    /// <summary>Cancelled when the browser closes the connection.</summary>
    protected CancellationToken RequestAborted => Http.RequestAborted;

    /// <summary>Whether the person is signed in and may open the page that they were going to, so that no form is needed.</summary>
    protected bool CanGoOn =>
        HttpMethods.IsGet(Http.Request.Method) && Http.User.Identity is { IsAuthenticated: true }
            && Urls.Or(ReturnUrl, "", Http.Request.IsHttps).Length > 0;

    /// <summary>Opens a page of the portal, or of an application behind it.</summary>
    protected void GoTo(string? url, string fallback = "/account") => Navigation.NavigateTo(Urls.Or(url, fallback, Http.Request.IsHttps));

    /// <summary>The address of another page for signing in or registering, with the same return URL.</summary>
    protected static string PathTo(string page, string? returnUrl) =>
        string.IsNullOrEmpty(returnUrl)
            ? page
            : $"{page}{(page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>Stores the flow for this browser, and opens the page on which the code is entered.</summary>
    protected void GoToVerify(Flow flow)
    {
        Flows.Begin(Http, flow);
        GoTo("/verify");
    }

    /// <summary>Requests a code for the entered address, and opens the page on which the code is entered.</summary>
    protected async Task RequestCodeAsync(CodeUse use, string? email, string? channel, EditContext form)
    {
        if (!CanSend())
        {
            return;
        }

        if (EmailAddress.Parse(email, out var error) is not { } address)
        {
            form.Show(new FieldError("Email", error!));
            return;
        }

        var flow = new Flow(address, use) { ReturnUrl = ReturnUrl, Channel = channel ?? Channels.Email };
        switch (await Codes.RequestAsync(new CodeRequest(use, address, Requester) { Channel = flow.Channel }, RequestAborted))
        {
            case CodeRequestOutcome.CodeSent:
                GoToVerify(flow);
                break;
            case CodeRequestOutcome.Refused refused:
                ShowOrGoOn(flow, refused.Refusal);
                break;
            case CodeRequestOutcome.Unknown unknown:
                form.Show(unknown.Error);
                break;
            case CodeRequestOutcome.Invalid invalid:
                form.Show(invalid.Error);
                break;
        }
    }

    /// <summary>Signs the person in and goes where they were going.</summary>
    protected async Task SignInAsync(IssuedSession session, string? returnUrl)
    {
        Flows.End(Http);
        KnownMobile.Remember(Http, session.User.VerifiedMobile?.Masked);
        await SessionCookie.SignInAsync(Http, session);
        GoTo(returnUrl);
    }

    /// <summary>Signs the person out, in this browser and at the server.</summary>
    protected Task SignOutAsync() => SessionCookie.SignOutAsync(Http);

    /// <summary>
    /// Runs the handler of a form. If the database is unavailable or the portal is overloaded, the page is shown again with a notice and
    /// what was entered, so that the form can be sent again as it is.
    /// </summary>
    /// <returns>False if the handler failed in this way.</returns>
    protected async Task<bool> TryAsync(Func<Task> handler)
    {
        try
        {
            await handler();
            return true;
        }
        catch (Exception failure) when (Unavailability.Of(failure) is { } unavailable)
        {
            Unavailability.SetStatus(Http.Response, unavailable);
            Unavailable.Record(Http, unavailable);
            Problem = "The portal is busy right now. Try again in a moment; what you typed is still here.";
            return false;
        }
    }

    /// <summary>
    /// Counts a request for a code against the client's limit. If the limit is reached, this returns false and sets a notice.
    /// </summary>
    protected bool CanSend() => Within(Limits.CountSend(Http));

    /// <summary>
    /// Counts an attempt with a code or password against the client's limit. If the limit is reached, this returns false and sets a notice.
    /// </summary>
    protected bool CanTry() => Within(Limits.CountVerification(Http));

    /// <summary>Shows why no code was sent.</summary>
    protected void Show(SendOutcome.Refused refused) => Problem = $"{refused.Reason.Describe()}. " + (refused.Reason == SendRefusal.Locked
        ? $"Try again in {Duration.Describe(refused.Wait)}."
        : $"You can request a new one in {Duration.Describe(refused.Wait)}.");

    /// <summary>
    /// Handles a code that was refused because the last one is too recent. If this browser requested the last one, it can still be entered,
    /// so the page for entering it opens.
    /// </summary>
    protected void ShowOrGoOn(Flow flow, SendOutcome.Refused refused)
    {
        if (refused.Reason == SendRefusal.Cooldown && Flows.Read(Http) is { } current
            && current.Address == flow.Address && current.Use == flow.Use)
        {
            GoToVerify(flow);
            return;
        }

        Show(refused);
    }

    private bool Within(TimeSpan? wait)
    {
        if (wait is null)
        {
            return true;
        }

        Http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Http.Response.Headers.RetryAfter = wait.Value.CeilingSeconds().ToString(
            System.Globalization.CultureInfo.InvariantCulture);
        Problem = $"Too many attempts from your network. Try again in {Duration.Describe(wait.Value)}; what you typed is still here.";
        return false;
    }
}
