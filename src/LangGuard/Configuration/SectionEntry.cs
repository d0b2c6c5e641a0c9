using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace LangGuard.Configuration;

/// <summary>A key with another options class.</summary>
internal sealed class SectionEntry<T, TChild>(
    string name, string description, Func<T, TChild> get, OptionTable<TChild> table) : OptionEntry<T>(name, description)
    where T : class
    where TChild : class
{
    internal override void Read(IConfigurationSection section, T target, ConfigurationReading reading) =>
        table.Read(section, get(target), reading);

    internal override JsonObject Schema() => table.Schema();
}
