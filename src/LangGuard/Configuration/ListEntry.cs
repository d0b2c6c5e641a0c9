using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace LangGuard.Configuration;

/// <summary>A key with a list of plain values. One value may stand for a list of one.</summary>
internal sealed class ListEntry<T, TValue>(
    string name, string description, OptionValue<TValue> kind, Func<T, ICollection<TValue>> get)
    : OptionEntry<T>(name, description)
    where T : class
{
    internal override void Read(IConfigurationSection section, T target, ConfigurationReading reading)
    {
        var values = get(target);
        if (!string.IsNullOrEmpty(section.Value))
        {
            Add(section, values, reading);
            return;
        }

        var items = section.GetChildren().ToList();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Key != i.ToString(CultureInfo.InvariantCulture))
            {
                reading.Error(items[i], "A list is expected, without gaps and without names.", "Use a list of values.");
                return;
            }

            Add(items[i], values, reading);
        }
    }

    internal override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(kind.Schema(), new JsonObject { ["type"] = "array", ["items"] = kind.Schema() }),
    };

    private static bool Has(ICollection<TValue> values, TValue value) => values.Contains(value);

    private void Add(IConfigurationSection item, ICollection<TValue> values, ConfigurationReading reading)
    {
        if (!TryRead(item, kind, reading, out var value))
        {
            return;
        }

        if (Has(values, value))
        {
            reading.Error(item, "The value is given twice.", "Keep one.");
            return;
        }

        values.Add(value);
    }
}
