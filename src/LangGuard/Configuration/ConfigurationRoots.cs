using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace LangGuard.Configuration;

/// <summary>Finds the providers behind a section, because where a value comes from decides whether it counts.</summary>
internal static class ConfigurationRoots
{
    /// <summary>The root of a section, or null when it can not be told.</summary>
    internal static IConfigurationRoot? Of(IConfiguration configuration)
    {
        if (configuration is IConfigurationRoot root)
        {
            return root;
        }

        try
        {
            return configuration is ConfigurationSection section ? RootOf(section) : null;
        }
        catch (MissingFieldException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_root")]
    private static extern ref readonly IConfigurationRoot RootOf(ConfigurationSection section);
}
