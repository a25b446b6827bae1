using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>
/// A page of another origin, opened by somebody who is signed in to the portal, calls the API by every means that a browser has. It is on
/// the same host, on another port: so near that the browser sends the session's cookie along.
/// </summary>
public sealed class CrossOriginTests(BrowserFixture browsers)
{
    private const string Email = "ann@example.com";
    private const string Password = "three small words";

    // Each of the three ways for each route; what a no-cors request gets to see is nothing, so it cannot tell what came of it.
    private const string Attack = """
        async ({portal, calls}) => {
            const seen = [];
            for (const {path, body} of calls) {
                const url = portal + path, text = JSON.stringify(body);
                const attempt = options => fetch(url, {method: 'POST', credentials: 'include', body: text, ...options})
                    .then(answer => seen.push(`${path} ${answer.type} ${answer.status}`), () => seen.push(`${path} blocked`));
                await attempt({headers: {'Content-Type': 'application/json'}});
                await attempt({mode: 'no-cors', headers: {'Content-Type': 'text/plain'}});
                await attempt({mode: 'no-cors', body: new Blob([text])});
                await attempt({mode: 'no-cors', body: undefined});
                await fetch(url, {method: 'DELETE', credentials: 'include'}).catch(() => null);

                // {"email": "…", "x=": "y"} as a form that needs no script.
                const frame = document.createElement('iframe'), form = document.createElement('form'), field = document.createElement('input');
                frame.name = 'f' + seen.length;
                document.body.append(frame, form);

                // Only now: the empty frame has said that it is loaded while it was appended.
                const loaded = new Promise(done => frame.onload = done);
                Object.assign(form, {method: 'post', enctype: 'text/plain', action: url, target: frame.name});
                Object.assign(field, {name: text.slice(0, -1) + ',"x', value: '":1}'});
                form.append(field);
                form.submit();
                await loaded;
            }
            return seen;
        }
        """;

    [Fact]
    public async Task A_page_of_another_origin_changes_nothing_with_the_cookie_that_the_browser_sends_along()
    {
        await using var server = await PortalServer.StartAsync();
        using var program = new HttpClient { BaseAddress = server.Address };
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Email, Password);
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
        var login = await PostAsync(program, "login", new { email = Email, password = Password });
        await PostAsync(program, "login", new { email = Email });
        var otp = await server.CodeForAsync(Email, 2);
        var wire = await Wire.OfAsync(ann.Page);

        var seen = await AttackAsync(ann, server, wire, otp);

        Assert.NotEmpty(seen);
        Assert.All(seen,
            line => Assert.True(
                line.EndsWith("blocked", StringComparison.Ordinal) || line.EndsWith("opaque 0", StringComparison.Ordinal), line));

        // They did arrive, and were refused: otherwise nothing would be shown here. That the cookie came along, AttackAsync has seen.
        var arrived = wire.Statuses("POST", server.Url("/api/"));
        Assert.Equal(7 * 4, arrived.Count);
        Assert.All(arrived, status => Assert.Equal(403, status));

        Assert.Equal(2, (await server.MessagesAsync(Email)).Count);
        Assert.DoesNotContain("nobody@example.com",
            await program.GetStringAsync(new Uri("/dev/inbox/messages", UriKind.Relative), TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        await ann.Page.GotoAsync("/account");
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
        using var me = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        me.Headers.Authorization = new AuthenticationHeaderValue("Bearer", login.GetProperty("token").GetString());
        using var profile = await program.SendAsync(me, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, profile.StatusCode);
        await PostAsync(program, "refresh", new { refreshToken = login.GetProperty("refreshToken").GetString() });
        await PostAsync(program, "login", new { email = Email, otp });
        await PostAsync(program, "login", new { email = Email, password = Password });
    }

    private static async Task<string[]> AttackAsync(Person ann, PortalServer server, Wire wire, string otp)
    {
        await using var elsewhere = new ForeignSite();
        await ann.Page.GotoAsync(elsewhere.Address);

        // The same kind of request, to the one address that a cookie is good for: it tells who somebody is, and not to the page that asked.
        var check = await ann.Page.EvaluateAsync<string>(
            "url => fetch(url, {mode: 'no-cors', credentials: 'include'}).then(() => 'answered', () => 'blocked')",
                server.Url("/api/auth/check"));
        Assert.Equal("blocked", check);
        Assert.Equal([200], wire.Statuses("GET", server.Url("/api/auth/check")));
        return await ann.Page.EvaluateAsync<string[]>(Attack, new
        {
            portal = server.Address.GetLeftPart(UriPartial.Authority),
            calls = new object[]
            {
                new { path = "/api/auth/register", body = new { email = "nobody@example.com", password = Password } },
                new { path = "/api/auth/send-email-otp", body = new { email = Email, purpose = "forgot_password" } },
                new { path = "/api/auth/verify-email-otp", body = new { email = Email, otp, purpose = "login" } },
                new { path = "/api/auth/login", body = new { email = Email, otp } },
                new { path = "/api/auth/login", body = new { email = Email, password = Password } },
                new { path = "/api/auth/forgot-password/send-otp", body = new { email = Email } },
                new { path = "/api/auth/logout", body = new { } },
            },
        });
    }

    private static async Task<JsonElement> PostAsync(HttpClient program, string path, object body)
    {
        using var answer = await program.PostAsJsonAsync(
            new Uri($"/api/auth/{path}", UriKind.Relative), body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
