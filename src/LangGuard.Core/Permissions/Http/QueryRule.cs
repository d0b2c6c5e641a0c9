using System.Collections.Frozen;
using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>Which query keys a rule grants, each with the type of its values. No list means no query.</summary>
internal sealed class QueryRule
{
    private readonly FrozenDictionary<string, SlotRule>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private QueryRule(IReadOnlyDictionary<string, SlotRule> keys, bool isAny)
    {
        IsAny = isAny;
        Keys = keys.ToFrozenDictionary(StringComparer.Ordinal);
        _lookup = Keys.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static QueryRule None { get; } = new(new Dictionary<string, SlotRule>(), false);

    public static QueryRule Any { get; } = new(new Dictionary<string, SlotRule>(), true);

    public bool IsAny { get; }

    public FrozenDictionary<string, SlotRule> Keys { get; }

    public static QueryRule Of(IReadOnlyDictionary<string, SlotRule> keys) => new(keys, false);

    public bool Accepts(ReadOnlySpan<char> query)
    {
        if (query.IsEmpty || IsAny)
        {
            return true;
        }

        // Some servers also split at ';': one listed value could then carry an unlisted key.
        if (query.Contains(';'))
        {
            return false;
        }

        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (!pair.IsEmpty && !AcceptsPair(pair))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a query of this rule can carry text of the sender's choice.</summary>
    public bool HasFreePart(ReadOnlySpan<char> query)
    {
        if (query.IsEmpty)
        {
            return false;
        }

        if (IsAny)
        {
            return true;
        }

        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            var key = equals < 0 ? pair : pair[..equals];
            if (!_lookup.TryGetValue(key, out var slot) || slot.IsFree)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the values of a listed key may hold.</summary>
    public bool Find(ReadOnlySpan<char> key, out SlotRule? slot) => _lookup.TryGetValue(key, out slot);

    private bool AcceptsPair(ReadOnlySpan<char> pair)
    {
        var equals = pair.IndexOf('=');
        var key = equals < 0 ? pair : pair[..equals];
        var value = equals < 0 ? default : pair[(equals + 1)..];
        if (key.ContainsAny('%', '+'))
        {
            if (Decode(key) is not { } decodedKey || !Keys.TryGetValue(decodedKey, out var decodedRule))
            {
                return false;
            }

            return AcceptsValue(decodedRule, value);
        }

        return _lookup.TryGetValue(key, out var rule) && AcceptsValue(rule, value);
    }

    private static bool AcceptsValue(SlotRule rule, ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
        {
            return true;
        }

        return value.ContainsAny('%', '+') ? Decode(value) is { } decoded && rule.Accepts(decoded) : rule.Accepts(value);
    }

    private static string? Decode(ReadOnlySpan<char> text) =>
        PercentEncoding.TryDecode(text, '/', out var decoded, out _)
            ? DecodePlus(text, decoded)
            : null;

    // A plus sign that was sent as such means a space; one that was sent as %2B stays.
    private static string DecodePlus(ReadOnlySpan<char> text, string decoded)
    {
        if (!text.Contains('+'))
        {
            return decoded;
        }

        return PercentEncoding.TryDecode(text.ToString().Replace('+', ' '), '/', out var spaced, out _) ? spaced : decoded;
    }
}
