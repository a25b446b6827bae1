using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace OtpPortal.Tests.Support;

/// <summary>The words in which tests talk about what the API answers.</summary>
internal static class ApiAssertions
{
    /// <summary>Asserts that the body has these members and no others, in this order.</summary>
    public static ApiResponse Has(this ApiResponse answer, params string[] members)
    {
        Assert.Equal(members, answer.Json.EnumerateObject().Select(member => member.Name));
        return answer;
    }

    /// <summary>Asserts problem details (RFC 9457) of one kind, with what they say besides and nothing else.</summary>
    public static ApiResponse IsProblem(this ApiResponse answer, HttpStatusCode status, string kind, params string[] besides)
    {
        Assert.Equal("application/problem+json", answer.Is(status).MediaType);
        answer.Has(["type", "title", "status", "detail", .. besides]);
        Assert.Equal($"urn:otpportal:problem:{kind}", answer.Of("type"));
        Assert.Equal((long)status, answer.Number("status"));
        Assert.All(["title", "detail"], member => Assert.False(string.IsNullOrWhiteSpace(answer.Of(member))));
        return answer;
    }

    /// <summary>Asserts a refusal of these fields and no others, each with one sentence.</summary>
    public static ApiResponse IsInvalid(this ApiResponse answer, params string[] fields)
    {
        answer.IsProblem(HttpStatusCode.BadRequest, "fields", "errors");
        var errors = answer.Json.GetProperty("errors").EnumerateObject().ToList();
        Assert.Equal(fields.Order(StringComparer.Ordinal), errors.Select(error => error.Name).Order(StringComparer.Ordinal));
        Assert.All(
            errors, error => Assert.EndsWith(".", Assert.Single(error.Value.EnumerateArray()).GetString(), StringComparison.Ordinal));
        return answer;
    }

    /// <summary>Asserts a refusal that says for how long: in its body and in its header, both the same.</summary>
    public static ApiResponse IsTooMany(this ApiResponse answer, string kind, long seconds)
    {
        answer.IsProblem(HttpStatusCode.TooManyRequests, kind, "cooldownSeconds");
        Assert.Equal(seconds, answer.Number("cooldownSeconds"));
        Assert.Equal(seconds.ToString(CultureInfo.InvariantCulture), Assert.Single(answer.Headers.GetValues("Retry-After")));
        return answer;
    }

    /// <summary>Asserts a refused code, and how many guesses are left.</summary>
    public static ApiResponse IsWrongCode(this ApiResponse answer, string kind, long attemptsLeft)
    {
        answer.IsProblem(HttpStatusCode.Unauthorized, kind, "attemptsLeft");
        Assert.Equal(attemptsLeft, answer.Number("attemptsLeft"));
        return answer;
    }

    /// <summary>Posts text as it stands.</summary>
    public static Task<ApiResponse> PostTextAsync(this ApiHost api, string path, string text, string contentType = "application/json") =>
        api.SendAsync(HttpMethod.Post, path, Content(text, contentType));

    /// <summary>Text of any content type, or of none.</summary>
    public static ByteArrayContent Content(string text, string? contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return content;
    }

    /// <summary>Has a code sent and reads it out of its message.</summary>
    public static async Task<string> CodeAsync(this ApiHost api, string email, string purpose)
    {
        (await api.PostAsync("send-email-otp", new { email, purpose })).Is(HttpStatusCode.Accepted);
        return await api.Portal.CodeForAsync(email);
    }

    /// <summary>Asks for a code to sign in with, which is sent.</summary>
    public static async Task CodeIsAcceptedAsync(this ApiHost api, string email) =>
        (await api.PostAsync("send-email-otp", new { email, purpose = "login" })).Is(HttpStatusCode.Accepted);

    /// <summary>The token that sets a new password.</summary>
    public static async Task<string> ResetTokenAsync(this ApiHost api, string email)
    {
        (await api.PostAsync("forgot-password/send-otp", new { email })).Is(HttpStatusCode.Accepted);
        return (await api.PostAsync("forgot-password/verify-otp", new { email, otp = await api.Portal.CodeForAsync(email) }))
            .Is(HttpStatusCode.OK).Of("resetToken");
    }

    /// <summary>How many messages went to an address or a number so far.</summary>
    public static async Task<int> MessagesToAsync(this ApiHost api, string to)
    {
        await api.Portal.DeliverAsync();
        return api.Portal.Inbox.Count(message => message.To == to);
    }

    /// <summary>What a claim of an access token says.</summary>
    public static JsonElement Claim(this ApiResponse answer, string name)
    {
        var payload = System.Buffers.Text.Base64Url.DecodeFromChars(answer.Of("token").Split('.')[1]);
        return JsonSerializer.Deserialize<JsonElement>(payload).GetProperty(name);
    }
}
