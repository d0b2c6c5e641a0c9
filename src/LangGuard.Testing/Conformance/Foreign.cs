using System.Buffers;

namespace LangGuard.Testing.Conformance;

/// <summary>Texts that look like another one.</summary>
internal static class Foreign
{
    private const string Latin = "aceiopsxyACEHIKMOPTXY";
    private const string Cyrillic = "асеіорѕхуАСЕНІКМОРТХУ";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Latin);

    /// <summary>The same with one letter of another script.</summary>
    public static string Twin(string text)
    {
        var at = text.AsSpan().IndexOfAny(Letters);
        return at < 0 ? $"{text}\u0430" : $"{text[..at]}{Cyrillic[Latin.IndexOf(text[at], StringComparison.Ordinal)]}{text[(at + 1)..]}";
    }

    /// <summary>The same with its first letter in the other case.</summary>
    public static string Title(string text) => text.Length == 0 ? text
        : (char.IsUpper(text[0]) ? char.ToLowerInvariant(text[0]) : char.ToUpperInvariant(text[0])) + text[1..];
}
