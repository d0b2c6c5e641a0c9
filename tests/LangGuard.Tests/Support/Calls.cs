using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.Support;

/// <summary>Calls tools the way a model does.</summary>
internal static class Calls
{
    internal static async Task<JsonElement> InvokeAsync(this AIFunction tool, string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        var values = new AIFunctionArguments();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            values[property.Name] = property.Value.Clone();
        }

        return (JsonElement)(await tool.InvokeAsync(values))!;
    }

    internal static string Status(this JsonElement result) => result.GetProperty("status").GetString()!;

    internal static string? Rule(this JsonElement result) =>
        result.TryGetProperty("rule", out var rule) ? rule.GetString() : null;
}
