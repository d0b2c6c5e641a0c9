using System.Text.Json;

namespace LangGuard.AI;

/// <summary>What a model is told of a tool. Made once.</summary>
internal sealed class ToolDefinition
{
    private static readonly string[] Scalars = ["string", "number", "boolean", "null"];

    internal ToolDefinition(string name, Effects effects, string description, params ToolParameter[] parameters)
    {
        Name = name;
        Effects = effects;
        Description = description;
        Parameters = parameters;
        Schema = WriteSchema(parameters);
    }

    internal string Name { get; }

    internal Effects Effects { get; }

    internal string Description { get; }

    internal IReadOnlyList<ToolParameter> Parameters { get; }

    internal JsonElement Schema { get; }

    private static JsonElement WriteSchema(ToolParameter[] parameters) => ToolJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var parameter in parameters)
        {
            writer.WriteStartObject(parameter.Name);
            writer.WriteString("type", parameter.Kind switch
            {
                ToolParameterKind.Text => "string",
                ToolParameterKind.Number => "integer",
                ToolParameterKind.Flag => "boolean",
                _ => "object",
            });
            writer.WriteString("description", parameter.Description);
            if (parameter.Kind == ToolParameterKind.Texts)
            {
                writer.WriteStartObject("additionalProperties");
                writer.WriteString("type", "string");
                writer.WriteEndObject();
            }
            else if (parameter.Kind == ToolParameterKind.Scalars)
            {
                writer.WriteStartObject("additionalProperties");
                writer.WriteStartArray("type");
                foreach (var type in Scalars)
                {
                    writer.WriteStringValue(type);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartArray("required");
        foreach (var parameter in parameters.Where(parameter => parameter.IsRequired))
        {
            writer.WriteStringValue(parameter.Name);
        }

        writer.WriteEndArray();
        writer.WriteBoolean("additionalProperties", false);
        writer.WriteEndObject();
    });
}
