using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LangGuard.Permissions;

/// <summary>The functions of one agent as they were first seen. A function that comes back with another description or
/// schema, or under a name that can be taken for a known one, is denied until the host accepts it.</summary>
internal sealed class FunctionPins
{
    private const int MaxFunctions = 10_000;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, FunctionPin> _pins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _nameOfSkeleton = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (FunctionPin Before, FunctionPin Now)> _changes = new(StringComparer.Ordinal);

    /// <summary>The functions that are denied because they have changed, with what they were and what they are.</summary>
    public IReadOnlyList<FunctionChange> Changes
    {
        get
        {
            lock (_lock)
            {
                return [.. _changes.Values.Select(change =>
                    new FunctionChange(change.Now.Name, change.Before.Told, change.Now.Told, change.Now.Hash))];
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
            var accepted = _changes.Values.FirstOrDefault(change => string.Equals(change.Now.Hash, hash, StringComparison.Ordinal)).Now;
            if (accepted is null)
            {
                return false;
            }

            _changes.Remove(accepted.Name);
            _pins[accepted.Name] = accepted;
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
                    _changes[function.Name] = (pinned, function);
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
