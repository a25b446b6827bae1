namespace OtpPortal.Tests.Support;

/// <summary>A portal that listens on a port of this machine, with what all tests of a class need.</summary>
/// <param name="settings">Keys of the configuration and their values.</param>
public abstract class ApiFixture(params (string Key, string Value)[] settings) : IAsyncLifetime
{
    public ApiHost Api { get; } = new();

    public async ValueTask InitializeAsync()
    {
        foreach (var (key, value) in settings)
        {
            Api.Portal.With(key, value);
        }

        await Api.InitializeAsync();
        await PrepareAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds accounts and sessions, once the portal listens.</summary>
    protected abstract Task PrepareAsync();
}
