using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Credentials as they stand in request headers.</summary>
internal static class HeaderShapes
{
    /// <summary>Headers that hold nothing but a credential.</summary>
    internal static readonly string[] Keys =
        ["x-api-key", "private-token", "job-token", "deploy-token", "vault-token", "subscription-key"];

    private const string Token = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";

    /// <summary>The longest part of a token that is looked at, so that the search stays linear.</summary>
    private const int MaxPart = 16 * 1024;

    private static readonly SearchValues<char> Token68 = SearchValues.Create(Token);
    private static readonly SearchValues<char> Base64Url = SearchValues.Create(Token.Replace(".", string.Empty, StringComparison.Ordinal));
    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t:=\"'\\");

    /// <summary>Three parts or more with points between; the first begins with an encoded <c>{"</c>.</summary>
    internal static SecretMatch Jwt(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        var end = Part(text, at);
        var parts = 1;
        while (end < text.Length && text[end] == '.' && end - at < 3 * MaxPart)
        {
            end = Part(text, end + 1);
            parts++;
        }

        return parts >= 3 && end - at >= 32 ? SecretMatch.At(at, end) : SecretMatch.None;
    }

    /// <summary><c>Authorization: scheme value</c>, also as JSON or as an assignment.</summary>
    internal static SecretMatch Authorization(ReadOnlySpan<char> text, int at, int anchorLength) =>
        Value(text, at + anchorLength, mayHaveScheme: true);

    /// <summary><c>X-Api-Key: value</c>.</summary>
    internal static SecretMatch ApiKey(ReadOnlySpan<char> text, int at, int anchorLength) =>
        Value(text, at + anchorLength, mayHaveScheme: false);

    /// <summary><c>Bearer value</c> by itself.</summary>
    internal static SecretMatch Bearer(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        var start = at + anchorLength;
        var end = End(text, start);
        return end - start >= 16 && text[start..end].ContainsAnyInRange('0', '9')
            ? SecretMatch.At(start, end)
            : SecretMatch.None;
    }

    /// <summary><c>Cookie: name=value; name=value</c> from the first long value on, to the end of the line.</summary>
    internal static SecretMatch Cookie(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        var from = at + anchorLength;
        var line = KeyShapes.Window(text, from, MaxPart);
        line = line.IndexOfAny("\r\n\"'") is var stop and >= 0 ? line[..stop] : line;
        for (var start = 0; start < line.Length && line[start..].IndexOf('=') is var equals and >= 0;)
        {
            start += equals + 1;
            var rest = line[start..];
            var value = rest.IndexOf(';') is var next and >= 0 ? rest[..next] : rest;
            if (Length(value, Token68) >= 16 && value.ContainsAnyInRange('0', '9'))
            {
                return SecretMatch.At(from + start, from + line.Length);
            }

            start += value.Length;
        }

        return SecretMatch.None;
    }

    /// <summary><c>"auth": "value"</c> in a file of logins to registries.</summary>
    internal static SecretMatch Login(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        var match = Value(text, at + anchorLength, mayHaveScheme: false);
        return match.Length >= 16 ? match : SecretMatch.None;
    }

    private static SecretMatch Value(ReadOnlySpan<char> text, int from, bool mayHaveScheme)
    {
        var window = KeyShapes.Window(text, from, 8);
        var skip = window.IndexOfAnyExcept(Separators);
        if (skip <= 0 || !window[..skip].ContainsAny(':', '='))
        {
            return SecretMatch.None;
        }

        var start = from + skip;
        var end = End(text, start);
        if (mayHaveScheme && end < text.Length - 1 && text[end] == ' ' && Token68.Contains(text[end + 1]))
        {
            start = end + 1;
            end = End(text, start);
        }

        var value = text[start..end];
        var isCall = end < text.Length && text[end] is '(' or '[' or '{';
        var isWord = !value.ContainsAnyInRange('0', '9') && (value.IsEmpty || !value[1..].ContainsAnyInRange('A', 'Z'));
        return !isCall && value.Length >= 6 && (!isWord || value.Length >= 24)
            ? SecretMatch.At(start, end)
            : SecretMatch.None;
    }

    private static int Part(ReadOnlySpan<char> text, int from) => from + Length(KeyShapes.Window(text, from, MaxPart), Base64Url);

    private static int End(ReadOnlySpan<char> text, int from) => from + Length(KeyShapes.Window(text, from, MaxPart), Token68);

    private static int Length(ReadOnlySpan<char> text, SearchValues<char> of) =>
        text.IndexOfAnyExcept(of) is var length and >= 0 ? length : text.Length;
}
