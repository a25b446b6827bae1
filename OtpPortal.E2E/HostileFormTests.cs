using System.Net;
using System.Net.Sockets;
using System.Text;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>Forms that no honest browser sends: a plain 400 page, and nothing is written.</summary>
public sealed class HostileFormTests : IClassFixture<SharedServer>, IDisposable
{
    // A body is held back for as long as the portal takes to say that it does not want it. After the usual second it would be sent all
    // the same, and the connection be closed in the midst of it.
    private readonly SocketsHttpHandler cookies = new() { Expect100ContinueTimeout = Timeouts.Time };
    private readonly PortalServer server;
    private readonly HttpClient http;
    private readonly string email;

    public HostileFormTests(SharedServer shared)
    {
        (server, email) = (shared.Server, shared.NewEmail());
        http = new HttpClient(cookies) { BaseAddress = server.Address };
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        http.Dispose();
        cookies.Dispose();
    }

    [Fact]
    public async Task An_honest_form_is_accepted()
    {
        // Without this one the others would prove nothing.
        using var answer = await PostAsync(await FieldsAsync());
        Assert.EndsWith("/verify", answer.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
        Assert.Single(await server.MessagesAsync(email));
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_token_is_refused()
    {
        var fields = await FieldsAsync();
        fields.Remove("__RequestVerificationToken");
        await ExpectRefusalAsync(await PostAsync(fields));
    }

    [Fact]
    public async Task A_form_with_a_tampered_antiforgery_token_is_refused()
    {
        var fields = await FieldsAsync();
        var token = fields["__RequestVerificationToken"];
        fields["__RequestVerificationToken"] = token[..20] + (token[20] == 'A' ? 'B' : 'A') + token[21..];
        await ExpectRefusalAsync(await PostAsync(fields));
    }

    [Fact]
    public async Task A_form_replayed_without_its_cookies_is_refused()
    {
        var fields = await FieldsAsync();
        using var stranger = new HttpClient { BaseAddress = server.Address };
        using var body = new FormUrlEncodedContent(fields);
        await ExpectRefusalAsync(await stranger.PostAsync(new Uri("/register", UriKind.Relative), body, Cancel));
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("null")]
    [InlineData("file:///x")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_form_of_a_foreign_origin_is_refused(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/register")
        {
            Content = new FormUrlEncodedContent(await FieldsAsync()),
        };
        request.Headers.Add("Origin", origin);
        await ExpectRefusalAsync(await http.SendAsync(request, Cancel));
    }

    [Fact]
    public async Task A_form_of_ten_megabytes_is_refused()
    {
        var fields = await FieldsAsync();
        fields["Input.FirstName"] = new string('x', 10_000_000);
        using var content = new StringContent(
            string.Join('&', fields.Select(field => $"{WebUtility.UrlEncode(field.Key)}={WebUtility.UrlEncode(field.Value)}")),
            Encoding.ASCII, "application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/register") { Content = content };

        // As every careful client does: ask before sending so much.
        request.Headers.ExpectContinue = true;
        await ExpectRefusalAsync(await http.SendAsync(request, Cancel));
    }

    [Fact]
    public async Task A_form_without_a_content_length_is_refused_once_it_is_too_long()
    {
        // By hand: a ready-made client would see only that the connection is closed while it still sends.
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, Cancel);
        await using var stream = client.GetStream();
        var head = "POST /register HTTP/1.1\r\nHost: " + server.Address.Authority
            + "\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "186A0\r\n" + new string('x', 100_000) + "\r\n"), Cancel);

        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.Equal("HTTP/1.1 400 Bad Request", await reader.ReadLineAsync(Cancel));
    }

    [Fact]
    public async Task A_form_with_an_unknown_handler_is_refused()
    {
        var fields = await FieldsAsync();
        fields["_handler"] = "drop-tables";
        using var answer = await PostAsync(fields);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_tampered_flow_is_refused()
    {
        using var accepted = await PostAsync(await FieldsAsync());
        var fields = Forms.Fields(await accepted.Content.ReadAsStringAsync(Cancel), "verify");
        fields["FlowToken"] += "A";
        fields["Code"] = await server.CodeForAsync(email);
        using var body = new FormUrlEncodedContent(fields);
        using var answer = await http.PostAsync(new Uri("/verify", UriKind.Relative), body, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task<Dictionary<string, string>> FieldsAsync()
    {
        var fields = Forms.Fields(await http.GetStringAsync(new Uri("/register", UriKind.Relative), Cancel), "register");
        fields["Input.Email"] = email;
        fields["Input.Password"] = "three small words";
        fields["Input.FirstName"] = "Ann";
        fields["Input.LastName"] = "Ellis";
        return fields;
    }

    private async Task<HttpResponseMessage> PostAsync(Dictionary<string, string> fields)
    {
        using var body = new FormUrlEncodedContent(fields);
        return await http.PostAsync(new Uri("/register", UriKind.Relative), body, Cancel);
    }

    private async Task ExpectRefusalAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("This form could not be submitted", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page, StringComparison.Ordinal);
        answer.Dispose();

        // Nothing was written: the honest form is the first send, which a cooldown would refuse otherwise.
        using var honest = await PostAsync(await FieldsAsync());
        Assert.EndsWith("/verify", honest.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
        Assert.Single(await server.MessagesAsync(email));
    }
}
