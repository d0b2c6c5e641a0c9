using LangGuard.Configuration;
using Microsoft.Extensions.Configuration;

namespace LangGuard;

/// <summary>Reads a policy from configuration.</summary>
public static class PolicyConfigurationExtensions
{
    /// <summary>Adds the policy that a section holds. All errors are reported when the policy is built: unknown keys,
    /// values that can not be read, a missing section, values from the environment, the command line or two
    /// sources.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="section">The section of one agent, such as <c>LangGuard:Agents:support</c>.</param>
    public static PolicyBuilder FromConfiguration(this PolicyBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Collect<ConfigurationSections>().Add(section);
        var reading = new ConfigurationReading(builder.Errors, section.Path);
        var origin = ConfigurationOrigin.Of(section);
        origin.Check(section, reading);
        if (origin is { IsKnown: true, Suppliers.Count: 0 })
        {
            reading.Error(section.Path, null, "The section is missing.", "Add it, even if it is empty: {}.");
            return builder;
        }

        OptionTables.Policy.Read(section, builder.Options, reading);
        return builder;
    }
}
