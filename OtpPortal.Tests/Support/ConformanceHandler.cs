namespace OtpPortal.Tests.Support;

/// <summary>Fails the test that gets an answer of the API which is not as <see cref="ApiDescription"/> says.</summary>
public sealed class ConformanceHandler(ApiDescription description, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        var path = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath);
        if (ApiDescription.Covers(path))
        {
            await answer.Content.LoadIntoBufferAsync(cancellationToken);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            var problems = description.Check(request.Method, path, answer, body).ToList();
            Assert.True(
                problems.Count == 0,
                $"{request.Method} {path} answered {(int)answer.StatusCode}, which is not as {ApiDescription.Path} says: "
                    + $"{string.Join("; ", problems)}.\n{body}");
        }

        return answer;
    }
}
