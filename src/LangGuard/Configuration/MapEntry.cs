using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace LangGuard.Configuration;

/// <summary>A key with named plain values.</summary>
internal sealed class MapEntry<T, TValue>(
    string name, string description, OptionValue<TValue> kind, Func<T, IDictionary<string, TValue>> get)
    : OptionEntry<T>(name, description)
    where T : class
{
    internal override void Read(IConfigurationSection section, T target, ConfigurationReading reading)
    {
        if (!IsSection(section, reading, $"Use \"{Name}\": {{ \"name\": value }}."))
        {
            return;
        }

        var values = get(target);
        foreach (var item in section.GetChildren())
        {
            if (TryRead(item, kind, reading, out var value) && !values.TryAdd(item.Key, value))
            {
                reading.Error(item, "The name is given twice.", "Use another name, or keep one.");
            }
        }
    }

    internal override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = kind.Schema() };
}
