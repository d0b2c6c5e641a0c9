using System.Buffers;
using System.Collections.Frozen;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>The fields that a form may have, each with the type of its values. A name that ends with <c>[]</c> may be there
/// more than once; every other name once.</summary>
internal sealed class FormFields
{
    private static readonly SearchValues<char> Separators = SearchValues.Create("&=;%+\"\\");

    private readonly FrozenDictionary<string, SlotRule> _fields;
    private readonly FrozenDictionary<string, SlotRule>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private FormFields(Dictionary<string, SlotRule> fields, bool isAny)
    {
        _fields = fields.ToFrozenDictionary(StringComparer.Ordinal);
        _lookup = _fields.GetAlternateLookup<ReadOnlySpan<char>>();
        IsAny = isAny;
    }

    public static FormFields None { get; } = new([], false);

    /// <summary>Whether every name is granted that does not override the method.</summary>
    public bool IsAny { get; }

    public int Count => _fields.Count;

    /// <summary>Reads <c>amount:int</c>, <c>state:open|closed</c>, <c>tags[]</c>. Null when an item has no meaning.</summary>
    public static FormFields? TryParse(IReadOnlyList<string> items)
    {
        if (items is ["*"])
        {
            return new FormFields([], true);
        }

        var fields = new Dictionary<string, SlotRule>(StringComparer.Ordinal);
        var folded = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var colon = item.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? item : item[..colon];
            var slot = colon < 0 ? SlotRule.Default : SlotRule.Parse(item.AsSpan(colon + 1));
            if (name.Length is 0 or > JsonKeys.MaxLength || slot is null || !IsPlainName(name) || name.Contains('*', StringComparison.Ordinal)
                || MethodOverrides.IsMatch(name) || !folded.Add(Fold(name)))
            {
                return null;
            }

            fields.Add(name, slot);
        }

        return fields.Count == 0 ? null : new FormFields(fields, false);
    }

    /// <summary>Checks one field; <paramref name="seen"/> remembers what was there.</summary>
    public Reason? Check(ReadOnlySpan<char> name, ReadOnlySpan<char> value, HashSet<string> seen)
    {
        if (MethodOverrides.IsMatch(name))
        {
            return BodyReasons.MethodOverride;
        }

        if (!IsPlainName(name))
        {
            return BodyReasons.Form;
        }

        if (IsAny)
        {
            return seen.Add(Fold(name)) || name.EndsWith("[]") ? null : BodyReasons.DuplicateKey;
        }

        if (!_lookup.TryGetValue(name, out var field))
        {
            return BodyReasons.Key;
        }

        if (!seen.Add(Fold(name)) && !name.EndsWith("[]"))
        {
            return BodyReasons.DuplicateKey;
        }

        // An empty value is what a form sends for a field that was left out.
        return value.IsEmpty || field.Accepts(value) ? null : BodyReasons.FormValue;
    }

    private static bool IsPlainName(ReadOnlySpan<char> name) =>
        !name.IsEmpty && JsonKeys.IsPlain(name) && !name.ContainsAny(Separators) && name[0] != ' ' && name[^1] != ' ';

    // Some form parsers turn these into '_', so that two names become one.
    private static string Fold(ReadOnlySpan<char> name) =>
        JsonKeys.Fold(name).Replace('.', '_').Replace(' ', '_').Replace('[', '_');
}
