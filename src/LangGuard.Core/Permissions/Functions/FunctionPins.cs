using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LangGuard.Permissions;

/// <summary>The functions of one agent as they were first seen. A function that comes back with another description or
/// schema, or under a name that can be taken for a known one, is denied until the host accepts it.</summary>
public sealed class FunctionPins
{
    private const int MaxFunctions = 10_000;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, FunctionPin> _pins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _nameOfSkeleton = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FunctionChange> _changes = new(StringComparer.Ordinal);

    internal FunctionPins()
    {
    }

    /// <summary>The functions that are denied because they have changed, with what they were and what they are.</summary>
    public IReadOnlyList<FunctionChange> Changes
    {
        get
        {
            lock (_lock)
            {
                return [.. _changes.Values];
            }
        }
    }

    /// <summary>Accepts a changed function as it is now. A host call.</summary>
    /// <param name="hash">The hash of the new form, from <see cref="Changes"/>.</param>
    /// <returns>False when no change has this hash.</returns>
    public bool Accept(string hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        lock (_lock)
        {
            var change = _changes.Values.FirstOrDefault(change => string.Equals(change.Now.Hash, hash, StringComparison.Ordinal));
            if (change is null)
            {
                return false;
            }

            _changes.Remove(change.Now.Name);
            _pins[change.Now.Name] = change.Now;
            return true;
        }
    }

    /// <summary>Looks at a function and pins it when its name is new. Null when it may be called.</summary>
    internal Reason? Check(FunctionPin function)
    {
        if (_pins.TryGetValue(function.Name, out var pinned) && string.Equals(pinned.Hash, function.Hash, StringComparison.Ordinal))
        {
            return null;
        }

        var skeleton = FunctionNames.SkeletonOf(function.Name);
        if (skeleton is null)
        {
            return FunctionReasons.LookAlike;
        }

        lock (_lock)
        {
            if (_pins.TryGetValue(function.Name, out pinned))
            {
                if (string.Equals(pinned.Hash, function.Hash, StringComparison.Ordinal))
                {
                    return null;
                }

                if (_changes.Count < MaxFunctions)
                {
                    _changes[function.Name] = new FunctionChange(pinned, function);
                }

                return FunctionReasons.Changed;
            }

            if (_nameOfSkeleton.ContainsKey(skeleton))
            {
                return FunctionReasons.LookAlike;
            }

            if (_pins.Count >= MaxFunctions)
            {
                return FunctionReasons.Changed;
            }

            _nameOfSkeleton.Add(skeleton, function.Name);
            _pins[function.Name] = function;
            return null;
        }
    }

    internal static FunctionPin Describe(string name, string description, JsonElement schema, JsonElement? returns)
    {
        var schemaText = schema.ValueKind == JsonValueKind.Undefined ? "" : CanonicalJson.Text(schema);
        var returnText = returns is { ValueKind: not JsonValueKind.Undefined } shape ? CanonicalJson.Text(shape) : "";
        // Lengths keep the parts apart: no text can move from one to the next.
        var text = $"{name.Length}:{name}{description.Length}:{description}{schemaText.Length}:{schemaText}{returnText}";
        return new FunctionPin(
            name, description, schemaText, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }
}
