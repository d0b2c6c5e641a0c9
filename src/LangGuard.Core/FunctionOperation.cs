using System.Text.Json;
using LangGuard.Misuse;
using LangGuard.Permissions;

namespace LangGuard;

/// <summary>One call of a function that is not one of the other surfaces.</summary>
public sealed class FunctionOperation : Operation
{
    private readonly ArgumentValues _values;
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

    /// <summary>Creates a function operation on values that are checked already.</summary>
    internal FunctionOperation(Principal principal, Effects effects, string function, in ArgumentValues values, bool needsApproval)
        : base(Surface.Functions, effects, principal)
    {
        Function = function;
        _values = values;
        NeedsApproval = needsApproval;
    }

    /// <summary>The name of the function.</summary>
    public string Function { get; }

    /// <summary>The arguments: one JSON object.</summary>
    public JsonElement Arguments => (JsonElement)(_arguments ??= CanonicalJson.Write(_values));

    /// <inheritdoc />
    public override string Resource => Function;

    /// <inheritdoc />
    public override string CanonicalEffect => $"{base.CanonicalEffect} {CanonicalJson.Text(Arguments)}";

    internal override int OutgoingMark { get; set; }

    /// <summary>Whether the function itself says that a person has to approve each call.</summary>
    internal bool NeedsApproval { get; }

    internal int ArgumentCount => _values.Exists ? _values.Count : Arguments.GetPropertyCount();

    internal bool TryGetArgument(string name, out object? value)
    {
        if (_values.Exists)
        {
            return _values.TryGet(name, out value);
        }

        var found = Arguments.TryGetProperty(name, out var element);
        value = found ? element : null;
        return found;
    }

    internal bool HasArgument(string name) => TryGetArgument(name, out _);

    /// <summary>Looks at every text of the arguments, names included, without writing them as JSON. False as soon as one look
    /// is false, or when a value is deeper than it may be.</summary>
    internal bool AllTexts<T>(ref T state, JsonLeaves.Look<T> look)
        where T : allows ref struct
    {
        if (!_values.Exists)
        {
            return JsonLeaves.All(Arguments, ref state, look);
        }

        foreach (var (name, value) in _values)
        {
            var goesOn = look(name, ref state) && value switch
            {
                string text => look(text, ref state),
                JsonElement element => JsonLeaves.All(element, ref state, look),
                _ => true,
            };
            if (!goesOn)
            {
                return false;
            }
        }

        return true;
    }

    // Invariant: the order of the arguments does not count, nor how a value is represented.
    internal override void AddTo(ref OperationHash hash)
    {
        hash.Add((int)Effects);
        hash.Add(Function);
        var sum = 0UL;
        if (_values.Exists)
        {
            foreach (var (name, value) in _values)
            {
                sum = unchecked(sum + ArgumentHash.Of(name, value));
            }
        }
        else
        {
            foreach (var argument in Arguments.EnumerateObject())
            {
                sum = unchecked(sum + ArgumentHash.Of(argument.Name, argument.Value));
            }
        }

        hash.Add(unchecked((int)sum));
        hash.Add(unchecked((int)(sum >> 32)));
    }
}
