using System.Diagnostics.CodeAnalysis;

namespace LangGuard.Testing;

/// <summary>An honest call of a function, which the attacks start from.</summary>
/// <param name="Function">The name of the function.</param>
/// <param name="Arguments">Its arguments, a JSON object as a model writes it.</param>
public sealed record FunctionCallExample(
    string Function, [property: StringSyntax(StringSyntaxAttribute.Json)] string Arguments);
