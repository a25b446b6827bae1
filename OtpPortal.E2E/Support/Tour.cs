using Microsoft.Playwright;

namespace OtpPortal.E2E.Support;

/// <summary>Pages of the portal in every state that looks different, in an order in which a new person can see them.</summary>
/// <param name="Of">The names of the stops and how to get to each from the one before.</param>
/// <param name="Settings">What the portal that is visited is set to.</param>
public sealed record Tour(Func<Person, IEnumerable<(string Name, Func<Task> Show)>> Of, params (string Key, string Value)[] Settings)
{
    /// <summary>All of them: together they show every page.</summary>
    public static IReadOnlyList<Tour> All { get; } =
    [
        new(MailTour.Of),
        new(AdminTour.Of, ("Admin__Emails", AdminTour.Administrator)),
        new(PhoneTour.Of, ("Twilio__From", "+15005550006"), ("Twilio__WhatsAppFrom", "+15005550006"), ("Twilio__Countries", "GB"),
            ("Portal__Address", "https://portal.example.com"),
            ("Otp__Register__Cooldown", "00:00:00")),
    ];

    /// <summary>Goes from stop to stop, and has a look at each once its page is whole.</summary>
    public async Task WalkAsync(Person ann, Func<string, Task> look)
    {
        foreach (var (name, show) in Of(ann))
        {
            await show();
            await Assertions.Expect(ann.Page.Locator(":root")).ToHaveJSPropertyAsync("ownerDocument.readyState", "complete");
            await look(name);
        }
    }
}
