using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LangGuard.Configuration;

/// <summary>The JSON schema of the <c>LangGuard</c> section, made from the same tables as the reader.</summary>
internal static class ConfigurationSchema
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static string Generate()
    {
        var agent = OptionTables.Policy.Schema();
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                [ConfigurationKeys.Root] = new JsonObject
                {
                    ["type"] = "object",
                    ["description"] = "Policies of agents.",
                    ["properties"] = new JsonObject
                    {
                        [ConfigurationKeys.Default] = agent,
                        [ConfigurationKeys.Agents] = new JsonObject
                        {
                            ["type"] = "object",
                            ["description"] = "Named agents.",
                            ["additionalProperties"] = new JsonObject
                            {
                                ["$ref"] = $"#/properties/{ConfigurationKeys.Root}/properties/{ConfigurationKeys.Default}",
                            },
                        },
                    },
                    ["additionalProperties"] = false,
                },
            },
        };

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            schema.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
