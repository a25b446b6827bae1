using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Components.Pages;
using OtpPortal.Delivery;
using OtpPortal.Web;

namespace OtpPortal.Components;

/// <summary>The inbox of captured messages. Outside Development its routes do not exist.</summary>
internal static class DevPages
{
    public static void MapDevPages(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.UseLocalOnly("/dev");
            app.MapGet("/dev/inbox", (HttpContext context) =>
            {
                // The previews inherit the page's policy, and mails have inline styles.
                context.Response.Headers.ContentSecurityPolicy += "; style-src 'self' 'unsafe-inline'";
                return new RazorComponentResult<DevInboxPage>();
            });
            app.MapGet("/dev/inbox/messages", (DevInbox inbox) => inbox.Messages);
        }
    }
}
