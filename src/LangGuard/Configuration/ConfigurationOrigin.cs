using Microsoft.Extensions.Configuration;

namespace LangGuard.Configuration;

/// <summary>Which providers supply a section. A policy comes from exactly one, and never from the environment or the
/// command line, where whoever starts the process could add a permission.</summary>
internal sealed class ConfigurationOrigin
{
    private static readonly string[] Refused =
    [
        "Microsoft.Extensions.Configuration.EnvironmentVariables.EnvironmentVariablesConfigurationProvider",
        "Microsoft.Extensions.Configuration.CommandLine.CommandLineConfigurationProvider",
    ];

    private readonly List<(IConfigurationProvider Provider, string Path)> _suppliers = [];

    private ConfigurationOrigin(bool known) => IsKnown = known;

    internal bool IsKnown { get; }

    internal IReadOnlyList<(IConfigurationProvider Provider, string Path)> Suppliers => _suppliers;

    internal static ConfigurationOrigin Of(IConfigurationSection section)
    {
        var root = ConfigurationRoots.Of(section);
        var origin = new ConfigurationOrigin(root is not null);
        if (root is not null)
        {
            origin.Collect(root, section.Path, []);
        }

        return origin;
    }

    internal void Check(IConfigurationSection section, ConfigurationReading reading)
    {
        if (!IsKnown)
        {
            reading.Error(section.Path, null, "It can not be told where the values come from.",
                "Pass a section of an ordinary configuration root.");
            return;
        }

        foreach (var (provider, path) in _suppliers.Where(supplier => IsRefused(supplier.Provider)))
        {
            foreach (var key in Keys(provider, path))
            {
                provider.TryGet(key, out var value);
                reading.Error(key, value, "The environment or command line supplies this key.",
                    "Remove it there. A policy comes from a file or another source that only the deployer writes.");
            }
        }

        if (_suppliers.Count > 1)
        {
            reading.Error(section.Path, null,
                $"{_suppliers.Count} sources supply this agent: {string.Join(", ", _suppliers.Select(Describe))}.",
                "Keep the whole agent in one source; merged sources could add to each other.");
        }
    }

    /// <summary>Every provider behind a configuration, also through chained ones.</summary>
    internal static IEnumerable<IConfigurationProvider> Providers(IConfigurationRoot root)
    {
        foreach (var provider in root.Providers)
        {
            if (provider is ChainedConfigurationProvider chained && ConfigurationRoots.Of(chained.Configuration) is { } inner)
            {
                foreach (var deeper in Providers(inner))
                {
                    yield return deeper;
                }
            }
            else
            {
                yield return provider;
            }
        }
    }

    private static string Describe((IConfigurationProvider Provider, string Path) supplier) =>
        supplier.Provider.ToString() ?? supplier.Provider.GetType().Name;

    private static bool IsRefused(IConfigurationProvider provider)
    {
        for (var type = provider.GetType(); type is not null; type = type.BaseType)
        {
            if (Refused.Contains(type.FullName, StringComparer.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static List<string> Keys(IConfigurationProvider provider, string path)
    {
        var keys = new List<string>();
        var open = new Stack<string>([path]);
        while (open.TryPop(out var current))
        {
            if (provider.TryGet(current, out _))
            {
                keys.Add(current);
            }

            foreach (var child in provider.GetChildKeys([], current).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                open.Push(ConfigurationPath.Combine(current, child));
            }
        }

        keys.Sort(StringComparer.OrdinalIgnoreCase);
        return keys;
    }

    private void Collect(IConfigurationRoot root, string path, HashSet<IConfigurationRoot> seen)
    {
        if (!seen.Add(root))
        {
            return;
        }

        foreach (var provider in root.Providers)
        {
            if (provider is ChainedConfigurationProvider chained)
            {
                CollectChained(chained, path, seen);
            }
            else if (provider.TryGet(path, out _) || provider.GetChildKeys([], path).Any())
            {
                _suppliers.Add((provider, path));
            }
        }
    }

    private void CollectChained(ChainedConfigurationProvider chained, string path, HashSet<IConfigurationRoot> seen)
    {
        // A chained section prefixes every key; a chained root does not.
        var prefix = chained.Configuration is IConfigurationSection section ? section.Path + ConfigurationPath.KeyDelimiter : "";
        if (ConfigurationRoots.Of(chained.Configuration) is { } inner)
        {
            Collect(inner, prefix + path, seen);
        }
        else if (chained.TryGet(path, out _) || chained.GetChildKeys([], path).Any())
        {
            _suppliers.Add((chained, path));
        }
    }
}
