using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace OtpPortal.PartialRegistry;

/// <summary>
/// The loader refuses an assembly whose version is lower than the reference asks for. Where the registry has only
/// the lower version, this answers with the file that stands beside the program.
/// </summary>
internal static class LowerVersions
{
    private static readonly string[] Names = ["SQLitePCLRaw.core", "AngleSharp.Diffing"];

#pragma warning disable CA2255 // A module initializer is the only code that runs before the first of these is asked for.
    [ModuleInitializer]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += Resolve;
#pragma warning restore CA2255

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        if (!Names.Contains(name.Name, StringComparer.Ordinal))
        {
            return null;
        }

        var file = Path.Combine(AppContext.BaseDirectory, name.Name + ".dll");
        return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    }
}
