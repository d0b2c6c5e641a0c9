using Microsoft.Extensions.Configuration;

namespace LangGuard.Configuration;

/// <summary>The sections that a policy was read from, so that it is built again when they change.</summary>
internal sealed class ConfigurationSections
{
    private readonly List<IConfigurationSection> _all = [];

    internal IReadOnlyList<IConfigurationSection> All => _all;

    internal void Add(IConfigurationSection section) => _all.Add(section);
}
