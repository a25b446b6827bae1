using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtpPortal.Web;

/// <summary>
/// <c>/health/live</c> and <c>/health/ready</c>, for load balancers and supervisors. They come before everything else, also before the
/// check of the host name, because a load balancer knows only an address. The responses have one word for each check.
/// </summary>
internal static class Health
{
    private const string Live = "/health/live";
    private const string Ready = "/health/ready";

    /// <summary>A check that takes longer has failed.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database", HealthStatus.Unhealthy, tags: [], Limit);
        services.AddSingleton<HealthLog>();
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, StartupFilter>());
        return services;
    }

    private static Task AnswerReadyAsync(HttpContext context, HealthReport report)
    {
        context.Response.Headers.CacheControl = "no-store";
        var words = new Dictionary<string, string>(StringComparer.Ordinal) { ["status"] = Word(report.Status) };
        foreach (var (name, entry) in report.Entries)
        {
            words[name] = Word(entry.Status);
        }

        return context.Response.WriteAsJsonAsync(words, context.RequestAborted);
    }

    private static Task AnswerLiveAsync(HttpContext context, HealthReport report)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(new { status = "live" }, context.RequestAborted);
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ready",
        HealthStatus.Degraded => "degraded",
        _ => "unready",
    };

    /// <summary>Keeps these requests, which come every few seconds, out of metrics and traces.</summary>
    private static Task LeaveOutAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } metrics)
        {
            metrics.MetricsDisabled = true;
        }

        if (System.Diagnostics.Activity.Current is { } trace)
        {
            trace.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            return next(context);
        }

        context.Response.Headers.Allow = "GET, HEAD";
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }

    /// <summary>The first of all startup filters. The check of the host name is one of them.</summary>
    private sealed class StartupFilter(HealthLog log) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseWhen(context => context.Request.Path == Live || context.Request.Path == Ready, health => health.Use(LeaveOutAsync));
            app.UseHealthChecks(Live, new HealthCheckOptions { Predicate = _ => false, ResponseWriter = AnswerLiveAsync });
            app.UseHealthChecks(Ready, new HealthCheckOptions
            {
                ResponseWriter = (context, report) =>
                {
                    log.Log(report);
                    return AnswerReadyAsync(context, report);
                },
            });
            next(app);
        };
    }
}
