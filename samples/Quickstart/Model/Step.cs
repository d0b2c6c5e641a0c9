using System.Text.Json;

namespace Quickstart.Model;

/// <summary>One thing the scripted model does: say something, or call a tool.</summary>
/// <param name="Say">What it says, or null.</param>
/// <param name="Tool">The tool it calls, or null.</param>
/// <param name="Arguments">The arguments of the call.</param>
internal sealed record Step(string? Say, string? Tool = null, IReadOnlyDictionary<string, object?>? Arguments = null)
{
    internal static Step Call(string tool, params (string Name, object? Value)[] arguments) =>
        new(null, tool, arguments.ToDictionary(pair => pair.Name, pair => (object?)JsonSerializer.SerializeToElement(pair.Value)));
}
