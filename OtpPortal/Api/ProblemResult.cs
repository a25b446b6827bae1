using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using OtpPortal.Hosting;

namespace OtpPortal.Api;

/// <summary>A response with problem details (RFC 9457) and the headers that belong to its status.</summary>
internal sealed class ProblemResult(ProblemDetails problem, TimeSpan? retryAfter = null, string challenge = "Bearer") : IResult,
    IStatusCodeHttpResult, IValueHttpResult
{
    public int? StatusCode => problem.Status;

    public object Value => problem;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = problem.Status!.Value;
        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = wait.CeilingSeconds().ToString(CultureInfo.InvariantCulture);
        }

        if (response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            // RFC 9110 §15.5.2: a 401 names the way to authenticate.
            response.Headers.WWWAuthenticate = challenge;
        }

        return response.WriteAsJsonAsync(
            problem, problem.GetType(), options: null, contentType: "application/problem+json", httpContext.RequestAborted);
    }
}
