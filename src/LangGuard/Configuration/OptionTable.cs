using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace LangGuard.Configuration;

/// <summary>The keys of one options class: what the reader accepts and what the schema lists.</summary>
internal sealed class OptionTable<T>(string description)
    where T : class
{
    private readonly List<OptionEntry<T>> _entries = [];

    internal IEnumerable<string> Keys => _entries.Select(entry => entry.Name);

    internal OptionTable<T> Value<TValue>(
        string name, string text, OptionValue<TValue> kind, Action<T, TValue> set) =>
        Add(new ValueEntry<T, TValue>(name, text, kind, set));

    internal OptionTable<T> List<TValue>(
        string name, string text, OptionValue<TValue> kind, Func<T, ICollection<TValue>> get) =>
        Add(new ListEntry<T, TValue>(name, text, kind, get));

    internal OptionTable<T> Map<TValue>(
        string name, string text, OptionValue<TValue> kind, Func<T, IDictionary<string, TValue>> get) =>
        Add(new MapEntry<T, TValue>(name, text, kind, get));

    internal OptionTable<T> Section<TChild>(string name, string text, Func<T, TChild> get, OptionTable<TChild> table)
        where TChild : class => Add(new SectionEntry<T, TChild>(name, text, get, table));

    internal OptionTable<T> Named<TChild>(
        string name, string text, Func<T, IDictionary<string, TChild>> get, OptionTable<TChild> table)
        where TChild : class, new() => Add(new NamedEntry<T, TChild>(name, text, get, table));

    internal void Read(IConfigurationSection section, T target, ConfigurationReading reading)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            reading.Error(section, "A section is expected, not one value.", KnownKeys());
            return;
        }

        foreach (var child in section.GetChildren())
        {
            var entry = _entries.Find(entry => string.Equals(entry.Name, child.Key, StringComparison.OrdinalIgnoreCase));
            if (entry is null)
            {
                reading.Error(child.Path, child.Value, "The key is unknown.", KnownKeys());
            }
            else
            {
                entry.Read(child, target, reading);
            }
        }
    }

    internal JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var entry in _entries)
        {
            var schema = entry.Schema();
            schema["description"] = entry.Description;
            properties[entry.Name] = schema;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = description,
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private string KnownKeys() =>
        _entries.Count == 0 ? "Remove it; nothing can be set here." : $"Known keys: {string.Join(", ", Keys)}.";

    private OptionTable<T> Add(OptionEntry<T> entry)
    {
        _entries.Add(entry);
        return this;
    }
}
