using System.Text.Json;

namespace LangGuard;

/// <summary>One call of a function that is not one of the other surfaces.</summary>
public sealed class FunctionOperation : Operation
{
    /// <summary>Creates a function operation.</summary>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="effects">What the function does; <see cref="Effects.All"/> when it does not say.</param>
    /// <param name="function">The name of the function.</param>
    /// <param name="arguments">The arguments in canonical form: one JSON object without duplicate keys.</param>
    public FunctionOperation(Principal principal, Effects effects, string function, JsonElement arguments)
        : base(Surface.Functions, effects, principal)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(function);
        if (arguments.ValueKind != JsonValueKind.Object)
        {
            throw new ArgumentException("The arguments are one JSON object.", nameof(arguments));
        }

        Function = function;
        Arguments = arguments;
    }

    /// <summary>The name of the function.</summary>
    public string Function { get; }

    /// <summary>The arguments: one JSON object.</summary>
    public JsonElement Arguments { get; }

    /// <inheritdoc />
    public override string Resource => Function;

    /// <inheritdoc />
    public override string CanonicalEffect => $"{base.CanonicalEffect} {Arguments.GetRawText()}";
}
