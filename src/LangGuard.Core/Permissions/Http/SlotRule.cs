using System.Buffers;
using System.Globalization;

namespace LangGuard.Permissions;

/// <summary>A typed, bounded value: the type keeps a slot from carrying a message.</summary>
internal sealed class SlotRule
{
    public const int DefaultMaxLength = 64;
    private const int LargestMaxLength = 4096;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789+-.eE");

    private readonly SlotKind _kind;
    private readonly int _maxLength;
    private readonly string[] _choices;

    private SlotRule(SlotKind kind, int maxLength, string[]? choices = null)
    {
        _kind = kind;
        _maxLength = maxLength;
        _choices = choices ?? [];
    }

    public static SlotRule Default { get; } = new(SlotKind.Text, DefaultMaxLength);

    /// <summary>For deny rules: anything at all.</summary>
    public static SlotRule Unbounded { get; } = new(SlotKind.Text, int.MaxValue);

    /// <summary>Whether the value can hold free text, rather than a number, an id or one of a list.</summary>
    public bool IsFree => _kind is SlotKind.Text;

    /// <summary>Reads <c>int</c>, <c>uuid</c>, <c>text(200)</c>, <c>open|closed</c> ... Null when it is none of them.</summary>
    public static SlotRule? Parse(ReadOnlySpan<char> text)
    {
        if (text.Contains('|'))
        {
            var choices = text.ToString().Split('|');
            return Array.TrueForAll(choices, choice => choice.Length is > 0 and <= DefaultMaxLength)
                ? new SlotRule(SlotKind.Choice, DefaultMaxLength, choices)
                : null;
        }

        var maxLength = DefaultMaxLength;
        var open = text.IndexOf('(');
        if (open >= 0)
        {
            if (!text.EndsWith(')')
                || !int.TryParse(text[(open + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out maxLength)
                || maxLength is < 1 or > LargestMaxLength)
            {
                return null;
            }

            text = text[..open];
        }

        return text switch
        {
            "text" => new SlotRule(SlotKind.Text, maxLength),
            "int" => new SlotRule(SlotKind.Int, Math.Min(maxLength, 20)),
            "number" => new SlotRule(SlotKind.Number, Math.Min(maxLength, 40)),
            "bool" => new SlotRule(SlotKind.Bool, 5),
            "uuid" or "guid" => new SlotRule(SlotKind.Uuid, 36),
            "hex" => new SlotRule(SlotKind.Hex, maxLength),
            "slug" => new SlotRule(SlotKind.Slug, maxLength),
            "date" => new SlotRule(SlotKind.Date, 10),
            _ => null,
        };
    }

    public bool Accepts(ReadOnlySpan<char> value)
    {
        if (value.Length == 0 || value.Length > _maxLength)
        {
            return false;
        }

        switch (_kind)
        {
            case SlotKind.Text:
                return true;
            case SlotKind.Int:
                var digits = value[0] == '-' ? value[1..] : value;
                return digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9');
            case SlotKind.Number:
                return !value.ContainsAnyExcept(NumberCharacters)
                    && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
            case SlotKind.Bool:
                return value is "true" or "false" or "0" or "1";
            case SlotKind.Uuid:
                return Guid.TryParseExact(value, "D", out _) || Guid.TryParseExact(value, "N", out _);
            case SlotKind.Hex:
                return All(value, char.IsAsciiHexDigit);
            case SlotKind.Slug:
                return All(value, static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
            case SlotKind.Date:
                return DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
            case SlotKind.Choice:
                return IsChoice(value);
            default:
                return false;
        }
    }

    private static bool All(ReadOnlySpan<char> value, Func<char, bool> accepts)
    {
        foreach (var c in value)
        {
            if (!accepts(c))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsChoice(ReadOnlySpan<char> value)
    {
        foreach (var choice in _choices)
        {
            if (value.SequenceEqual(choice))
            {
                return true;
            }
        }

        return false;
    }
}
