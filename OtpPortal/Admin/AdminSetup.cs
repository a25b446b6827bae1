namespace OtpPortal.Admin;

/// <summary>The services of the administrators' pages and API.</summary>
internal static class AdminSetup
{
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<Statistics>();
        services.AddSingleton<PersonLocks>().AddSingleton<People>().AddSingleton<RegistrationList>().AddSingleton<PeopleActions>();
        return services;
    }
}
