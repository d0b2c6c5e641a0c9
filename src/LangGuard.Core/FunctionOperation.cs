using System.Text.Json;
using LangGuard.Permissions;

namespace LangGuard;

/// <summary>One call of a function that is not one of the other surfaces.</summary>
public sealed class FunctionOperation : Operation
{
    private readonly IReadOnlyDictionary<string, object?>? _values;
    private object? _arguments;

    /// <summary>Creates a function operation.</summary>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="effects">What the function does; <see cref="Effects.All"/> when it does not say.</param>
    /// <param name="function">The name of the function.</param>
    /// <param name="arguments">The arguments in canonical form: one JSON object without duplicate keys.</param>
    /// <exception cref="ArgumentException">The arguments are no object, or a key is given twice or in two cases.</exception>
    public FunctionOperation(Principal principal, Effects effects, string function, JsonElement arguments)
        : base(Surface.Functions, effects, principal)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(function);
        if (arguments.ValueKind != JsonValueKind.Object || !CanonicalJson.IsUnambiguous(arguments))
        {
            throw new ArgumentException("The arguments are one JSON object, each name once.", nameof(arguments));
        }

        Function = function;
        _arguments = arguments;
    }

    /// <summary>Creates a function operation on values that are checked already and do not change any more.</summary>
    internal FunctionOperation(
        Principal principal, Effects effects, string function, IReadOnlyDictionary<string, object?> values, bool needsApproval)
        : base(Surface.Functions, effects, principal)
    {
        Function = function;
        _values = values;
        NeedsApproval = needsApproval;
    }

    /// <summary>The name of the function.</summary>
    public string Function { get; }

    /// <summary>The arguments: one JSON object.</summary>
    public JsonElement Arguments => (JsonElement)(_arguments ??= CanonicalJson.Write(_values!));

    /// <inheritdoc />
    public override string Resource => Function;

    /// <inheritdoc />
    public override string CanonicalEffect => $"{base.CanonicalEffect} {CanonicalJson.Text(Arguments)}";

    /// <summary>Whether the function itself says that a person has to approve each call.</summary>
    internal bool NeedsApproval { get; }

    internal int ArgumentCount => _values?.Count ?? Arguments.GetPropertyCount();

    internal bool TryGetArgument(string name, out object? value)
    {
        if (_values is not null)
        {
            return _values.TryGetValue(name, out value);
        }

        var found = Arguments.TryGetProperty(name, out var element);
        value = found ? element : null;
        return found;
    }

    internal override void AddTo(ref OperationHash hash)
    {
        hash.Add((int)Effects);
        hash.Add(Function);
        hash.Add(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(Arguments));
    }
}
