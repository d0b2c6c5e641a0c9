namespace LangGuard.Testing.Conformance;

/// <summary>The corpora that the package carries.</summary>
internal static class Corpora
{
    /// <summary>The lines of one of them.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(
            typeof(Corpora).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The package holds no '{name}'."));
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }
}
