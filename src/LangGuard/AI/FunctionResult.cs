using System.Text.Json;
using LangGuard.Redaction;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>The result of a foreign function as a model sees it.</summary>
internal static class FunctionResult
{
    private const int MaxDepth = 64;

    internal static object? Shape(object? result, GuardSession session, Grant grant) => result switch
    {
        null => null,
        string text => ToolResultPipeline.Shape(text, session, grant),
        JsonElement { ValueKind: JsonValueKind.String } element => ToolResultPipeline.Shape(element.GetString()!, session, grant),
        JsonElement { ValueKind: JsonValueKind.Object or JsonValueKind.Array } element =>
            ShapeJson(element, session, grant),
        TextContent text => new TextContent(ToolResultPipeline.Shape(text.Text, session, grant)),
        IEnumerable<AIContent> contents => ShapeAll(contents, session, grant),
        _ => result,
    };

    private static JsonElement ShapeJson(JsonElement element, GuardSession session, Grant grant) =>
        ToolJson.Write(writer => Write(writer, element, session, grant, MaxDepth));

    private static List<AIContent> ShapeAll(IEnumerable<AIContent> contents, GuardSession session, Grant grant) =>
        [.. contents.Select(content => (AIContent)Shape(content, session, grant)!)];

    private static void Write(Utf8JsonWriter writer, JsonElement element, GuardSession session, Grant grant, int depth)
    {
        // Invariant: bounded by depth, not by the input.
        if (depth == 0)
        {
            writer.WriteNullValue();
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject())
                {
                    writer.WritePropertyName(ToolResultPipeline.Clean(property.Name, session, grant));
                    Write(writer, property.Value, session, grant, depth - 1);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item, session, grant, depth - 1);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(ToolResultPipeline.Clean(element.GetString()!, session, grant));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
