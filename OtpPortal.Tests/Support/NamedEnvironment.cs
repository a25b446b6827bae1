using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace OtpPortal.Tests.Support;

/// <summary>An environment of a host, of which only the name counts.</summary>
internal sealed class NamedEnvironment(string name) : IHostEnvironment
{
    public string EnvironmentName { get; set; } = name;

    public string ApplicationName { get; set; } = "";

    public string ContentRootPath { get; set; } = "";

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
