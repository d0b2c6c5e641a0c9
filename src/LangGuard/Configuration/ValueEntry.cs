using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace LangGuard.Configuration;

/// <summary>A key with one value.</summary>
internal sealed class ValueEntry<T, TValue>(
    string name, string description, OptionValue<TValue> kind, Action<T, TValue> set) : OptionEntry<T>(name, description)
    where T : class
{
    internal override void Read(IConfigurationSection section, T target, ConfigurationReading reading)
    {
        if (TryRead(section, kind, reading, out var value))
        {
            set(target, value);
        }
    }

    internal override JsonObject Schema() => kind.Schema();
}
