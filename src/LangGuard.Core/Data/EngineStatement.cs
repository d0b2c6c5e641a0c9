namespace LangGuard.Data;

/// <summary>One inspected statement with the values of its parameters, as it was decided on.</summary>
/// <param name="Text">The text.</param>
/// <param name="Parameters">Names and values.</param>
/// <param name="Timeout">How long it may run.</param>
internal sealed record EngineStatement(
    string Text, IReadOnlyList<KeyValuePair<string, object?>> Parameters, TimeSpan Timeout);
