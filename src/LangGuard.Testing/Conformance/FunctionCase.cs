using System.Text.Json.Nodes;

namespace LangGuard.Testing.Conformance;

/// <summary>One call of a function.</summary>
/// <param name="Function">The name that is called.</param>
/// <param name="Arguments">What it is called with.</param>
/// <param name="Technique">The kind of attack, or what an honest call shows.</param>
/// <param name="IsAttack">Whether the call must not reach the function.</param>
internal sealed record FunctionCase(string Function, JsonObject Arguments, string Technique, bool IsAttack = true)
{
    public string Id { get; init; } = string.Empty;

    /// <summary>Whether the function is another one than it was when the session first saw it.</summary>
    public bool Changes { get; init; }

    /// <summary>What is special about the call, for people.</summary>
    public string Seen { get; init; } = string.Empty;
}
