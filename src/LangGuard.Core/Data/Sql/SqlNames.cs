namespace LangGuard.Data;

/// <summary>Names as engines compare them: only the letters A to Z have a case.</summary>
internal static class SqlNames
{
    /// <summary>The name in lower case. Other letters stay: engines do not fold them either.</summary>
    internal static string Fold(string name)
    {
        foreach (var character in name)
        {
            if (char.IsAsciiLetterUpper(character))
            {
                return string.Create(name.Length, name, static (target, source) =>
                {
                    source.CopyTo(target);
                    FoldInPlace(target);
                });
            }
        }

        return name;
    }

    internal static void FoldInPlace(Span<char> name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsAsciiLetterUpper(name[i]))
            {
                name[i] = (char)(name[i] | 0x20);
            }
        }
    }
}
