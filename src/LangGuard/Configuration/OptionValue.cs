using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace LangGuard.Configuration;

/// <summary>How one kind of value is written in configuration.</summary>
/// <param name="Expected">What is expected, for messages: <c>Use ...</c>.</param>
/// <param name="TryParse">Reads the text.</param>
/// <param name="Schema">The JSON schema of the value.</param>
internal sealed record OptionValue<TValue>(
    string Expected, OptionValue<TValue>.Parser TryParse, Func<JsonObject> Schema)
{
    internal delegate bool Parser(string text, [MaybeNullWhen(false)] out TValue value);
}
