using System.Collections.Frozen;

namespace LangGuard.Http;

/// <summary>Names of fields by which frameworks take a POST for another method.</summary>
internal static class MethodOverrides
{
    private const int MaxLength = 32;

    // In normal form: see Normalize.
    private static readonly FrozenSet<string> Names = new[]
    {
        "_method", "__method", "_httpmethod", "_http_method", "_method_override", "_httpmethodoverride",
        "_http_method_override", "method_override", "methodoverride", "http_method_override", "httpmethodoverride",
        "x_http_method", "x_http_method_override", "x_method_override", "$method", "$httpmethod", "$http_method",
    }.ToFrozenSet(StringComparer.Ordinal);

    // Also ordinary words: they override only where the value is a method.
    private static readonly FrozenSet<string> Words = new[]
    {
        "method", "httpmethod", "http_method", "httpverb", "http_verb", "request_method",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NameLookup =
        Names.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> WordLookup =
        Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a field name overrides the method, also in the spellings that form parsers take for it.</summary>
    public static bool IsMatch(ReadOnlySpan<char> key)
    {
        Span<char> buffer = stackalloc char[MaxLength];
        return NameLookup.Contains(Normalize(key, buffer));
    }

    /// <summary>Whether a field name means a method if its value is one.</summary>
    public static bool IsWord(ReadOnlySpan<char> key)
    {
        Span<char> buffer = stackalloc char[MaxLength];
        return WordLookup.Contains(Normalize(key, buffer));
    }

    /// <summary>
    /// One form for the spellings that some parser reads as one name: letter case, '-' '.' and ' ' for '_', an index behind
    /// the name, quotes and space around it, a NUL that ends it, compatibility forms of ASCII characters.
    /// </summary>
    private static ReadOnlySpan<char> Normalize(ReadOnlySpan<char> key, Span<char> buffer)
    {
        key = key.Trim(" +\t\r\n\0\"'\ufeff");
        if (key.StartsWith('['))
        {
            key = key[1..];
        }

        var end = key.IndexOfAny("[]\0");
        if (end > 0)
        {
            key = key[..end].TrimEnd(" +\"'");
        }

        if (key.Length > buffer.Length)
        {
            return default;
        }

        for (var i = 0; i < key.Length; i++)
        {
            buffer[i] = Fold(key[i]);
        }

        return buffer[..key.Length];
    }

    private static char Fold(char c) => c switch
    {
        '-' or '.' or ' ' or '+' => '_',
        >= 'A' and <= 'Z' => (char)(c | 0x20),
        >= '\uff01' and <= '\uff5e' => Fold((char)(c - 0xfee0)),
        '\u0130' or '\u0131' => 'i',
        _ => c,
    };
}
