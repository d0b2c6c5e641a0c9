using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace LangGuard.Configuration;

/// <summary>One key of an options class.</summary>
internal abstract class OptionEntry<T>(string name, string description)
    where T : class
{
    internal string Name => name;

    internal string Description => description;

    internal abstract void Read(IConfigurationSection section, T target, ConfigurationReading reading);

    internal abstract JsonObject Schema();

    protected static bool TryRead<TValue>(
        IConfigurationSection section, OptionValue<TValue> kind, ConfigurationReading reading, out TValue value)
    {
        value = default!;
        if (section.GetChildren().Any())
        {
            reading.Error(section.Path, null, "One value is expected, not a section or list.", kind.Expected);
            return false;
        }

        if (section.Value is not { } text)
        {
            reading.Error(section.Path, null, "The value is missing.", kind.Expected);
            return false;
        }

        if (!kind.TryParse(text, out var parsed))
        {
            reading.Error(section, "The value can not be read.", kind.Expected);
            return false;
        }

        value = parsed;
        return true;
    }

    protected static bool IsSection(IConfigurationSection section, ConfigurationReading reading, string expected)
    {
        if (string.IsNullOrEmpty(section.Value))
        {
            return true;
        }

        reading.Error(section, "A section is expected, not one value.", expected);
        return false;
    }
}
