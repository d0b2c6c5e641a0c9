using System.Text.Json;

namespace LangGuard.Tests.Support;

/// <summary>Short ways to make operations and sessions.</summary>
internal static class Operations
{
    internal static readonly Principal Alice = new("alice", "contoso");

    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement.Clone();

    internal static FunctionOperation Call(string function, Effects effects = Effects.Read, Principal? principal = null) =>
        new(principal ?? Alice, effects, function, NoArguments);

    internal static GuardSession SessionOf(Action<PolicyBuilder> configure) =>
        GuardSession.Create(Policy.Create(configure), Alice);
}
