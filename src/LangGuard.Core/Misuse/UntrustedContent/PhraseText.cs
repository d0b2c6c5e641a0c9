namespace LangGuard.Misuse;

/// <summary>Words in lower case with one space before, between and after them, so that a phrase is found only whole.</summary>
internal static class PhraseText
{
    internal const int MaxLength = 256;

    internal static string Normalise(ReadOnlySpan<char> text)
    {
        var buffer = new char[text.Length + 2];
        return new string(buffer, 0, Normalise(text, buffer));
    }

    /// <summary>Writes at most two characters more than the text has.</summary>
    internal static int Normalise(ReadOnlySpan<char> text, Span<char> to)
    {
        var length = 0;
        to[length++] = ' ';
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                to[length++] = char.ToLowerInvariant(c);
            }
            else if (to[length - 1] != ' ' && c is not ('\'' or '\u2019'))
            {
                to[length++] = ' ';
            }
        }

        if (to[length - 1] != ' ')
        {
            to[length++] = ' ';
        }

        return length;
    }
}
