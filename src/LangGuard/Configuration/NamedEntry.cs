using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace LangGuard.Configuration;

/// <summary>A key with options classes by name.</summary>
internal sealed class NamedEntry<T, TChild>(
    string name, string description, Func<T, IDictionary<string, TChild>> get, OptionTable<TChild> table)
    : OptionEntry<T>(name, description)
    where T : class
    where TChild : class, new()
{
    internal override void Read(IConfigurationSection section, T target, ConfigurationReading reading)
    {
        if (!IsSection(section, reading, $"Use \"{Name}\": {{ \"name\": {{ ... }} }}."))
        {
            return;
        }

        var entries = get(target);
        foreach (var item in section.GetChildren())
        {
            if (int.TryParse(item.Key, out _) && entries.Count == 0 && item.Key == "0")
            {
                reading.Error(section.Path, null, "A list is not possible here: entries have names.",
                    $"Use \"{Name}\": {{ \"name\": {{ ... }} }}.");
                return;
            }

            var child = new TChild();
            table.Read(item, child, reading);
            if (!entries.TryAdd(item.Key, child))
            {
                reading.Error(item.Path, item.Key, "The name is given twice.", "Use another name, or keep one.");
            }
        }
    }

    internal override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = table.Schema() };
}
