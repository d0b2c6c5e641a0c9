using System.Text;
using System.Text.Json;
using LangGuard.Redaction;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>The result of a foreign function as a model sees it.</summary>
internal static class FunctionResult
{
    private const int MaxDepth = 64;

    /// <summary>What a result that can not be read is replaced by; a model can not vouch for it either.</summary>
    private const string Unknown = "a result of another kind";

    /// <summary>Shapes a result.</summary>
    /// <param name="result">What the function returned.</param>
    /// <param name="session">The session it goes to.</param>
    /// <param name="grant">The grant it was called under.</param>
    /// <param name="options">How the function writes its results.</param>
    internal static object? Shape(object? result, GuardSession session, Grant grant, JsonSerializerOptions options) => result switch
    {
        null => null,
        bool or byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal or Enum
            or Guid or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan => result,
        string text => ToolResultPipeline.Shape(text, session, grant),
        JsonElement { ValueKind: JsonValueKind.String } element => ToolResultPipeline.Shape(element.GetString()!, session, grant),
        JsonElement { ValueKind: JsonValueKind.Object or JsonValueKind.Array } element =>
            ShapeJson(element, session, grant),
        JsonElement => result,
        Exception => ToolAnswer.Error(Failed, Retry.Later),
        AIContent content => Shape(content, session, grant, options),
        IEnumerable<AIContent> contents => ShapeAll(contents, session, grant, options),
        _ => ShapeOther(result, session, grant, options),
    };

    internal const string Failed = "The function failed.";

    // Apart, so that a call with a text makes no closure.
    private static JsonElement ShapeJson(JsonElement element, GuardSession session, Grant grant) =>
        ToolJson.Write(writer => Write(writer, element, session, grant, MaxDepth));

    private static List<AIContent> ShapeAll(
        IEnumerable<AIContent> contents, GuardSession session, Grant grant, JsonSerializerOptions options) =>
        [.. contents.Select(content => Shape(content, session, grant, options))];

    private static AIContent Shape(AIContent content, GuardSession session, Grant grant, JsonSerializerOptions options)
    {
        switch (content)
        {
            case TextContent text:
                return new TextContent(ToolResultPipeline.Shape(text.Text, session, grant));
            case TextReasoningContent reasoning:
                return new TextReasoningContent(ToolResultPipeline.Shape(reasoning.Text, session, grant));
            case ErrorContent:
                return new ErrorContent(Failed);
            case FunctionResultContent inner:
                return new FunctionResultContent(inner.CallId, Shape(inner.Result, session, grant, options));
            case DataContent data when IsText(data.MediaType):
                return new TextContent(ToolResultPipeline.Shape(Encoding.UTF8.GetString(data.Data.Span), session, grant));
            case DataContent data:
                return new DataContent(data.Data, data.MediaType)
                {
                    Name = data.Name is { } name ? ToolResultPipeline.Clean(name, session, grant) : null,
                };
            case UriContent uri when ToolResultPipeline.Redact(uri.Uri.OriginalString, session) == uri.Uri.OriginalString:
                return new UriContent(uri.Uri, uri.MediaType);
            default:
                return new TextContent(ResultMarker.Removed(Unknown));
        }
    }

    private static bool IsText(string mediaType) =>
        !mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
        && !mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase)
        && !mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase)
        && !mediaType.Equals("application/pdf", StringComparison.OrdinalIgnoreCase)
        && !mediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>An object is looked at as the JSON that a model would get.</summary>
    private static object? ShapeOther(object result, GuardSession session, Grant grant, JsonSerializerOptions options)
    {
        JsonElement element;
        try
        {
            element = JsonSerializer.SerializeToElement(result, options.GetTypeInfo(result.GetType()));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return ResultMarker.Removed(Unknown);
        }

        return Shape(element, session, grant, options);
    }

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
