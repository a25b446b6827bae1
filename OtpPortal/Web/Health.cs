using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtpPortal.Web;

/// <summary>
/// <c>/health/live</c> and <c>/health/ready</c>, for load balancers and supervisors. They stand before everything else, the check of the
/// host name too, because who asks knows only an address; and their answers have no more than a word for each thing that is checked.
/// </summary>
public static class Health
{
    private const string Live = "/health/live";
    private const string Ready = "/health/ready";

    /// <summary>A check that takes longer has failed.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Adds both.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database", HealthStatus.Unhealthy, tags: [], Limit);
        services.AddSingleton<HealthLog>();
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, StartupFilter>());
        return services;
    }

    private static Task AnswerAsync(HttpContext context, HealthReport report)
    {
        context.RequestServices.GetRequiredService<HealthLog>().Log(report);
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

    /// <summary>What is asked every few seconds is in nobody's figures and traces.</summary>
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

    /// <summary>The first of all start-up filters: the check of the host name is one of them.</summary>
    private sealed class StartupFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseWhen(context => context.Request.Path == Live || context.Request.Path == Ready, health => health.Use(LeaveOutAsync));
            app.UseHealthChecks(Live, new HealthCheckOptions { Predicate = _ => false, ResponseWriter = AnswerLiveAsync });
            app.UseHealthChecks(Ready, new HealthCheckOptions { ResponseWriter = AnswerAsync });
            next(app);
        };
    }
}
