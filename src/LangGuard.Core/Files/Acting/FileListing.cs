using System.IO.Enumeration;

namespace LangGuard.Files;

/// <summary>What a listing is asked for.</summary>
internal sealed class FileListing
{
    private readonly bool _simple;

    private FileListing(string path, string prefix, string expression, bool simple, FileKind? kind, EnumerationOptions options)
    {
        Path = path;
        Prefix = prefix;
        Expression = expression;
        _simple = simple;
        Kind = kind;
        Options = options;
    }

    /// <summary>The directory, including what the pattern said before its last part.</summary>
    public string Path { get; }

    /// <summary>What stands before the names that are returned.</summary>
    public string Prefix { get; }

    public FileKind? Kind { get; }

    public EnumerationOptions Options { get; }

    private string Expression { get; }

    /// <summary>Splits a pattern. Null when the pattern could leave the directory.</summary>
    public static FileListing? TryCreate(string path, string pattern, EnumerationOptions options, FileKind? kind)
    {
        if (pattern.Contains('\0', StringComparison.Ordinal) || PathParser.IsAbsolute(pattern))
        {
            return null;
        }

        string[] parts = OperatingSystem.IsWindows() ? pattern.Split('/', '\\') : pattern.Split('/');
        if (Array.Exists(parts, part => part == ".."))
        {
            return null;
        }

        string directory = parts.Length == 1 ? path : Join(path, string.Join('/', parts[..^1]));
        bool simple = options.MatchType == MatchType.Simple;
        string last = parts[^1];
        string expression = last.Length == 0 || last is "*" || (!simple && last == "*.*")
            ? "*"
            : simple ? last : FileSystemName.TranslateWin32Expression(last);
        return new FileListing(directory, directory, expression, simple, kind, options);
    }

    public bool Matches(ReadOnlySpan<char> name)
    {
        if (Expression is "*")
        {
            return true;
        }

        bool ignoreCase = Options.MatchCasing switch
        {
            MatchCasing.CaseSensitive => false,
            MatchCasing.CaseInsensitive => true,
            _ => !OperatingSystem.IsLinux(),
        };
        return _simple
            ? FileSystemName.MatchesSimpleExpression(Expression, name, ignoreCase)
            : FileSystemName.MatchesWin32Expression(Expression, name, ignoreCase);
    }

    public static string Join(string directory, string name) =>
        directory.Length == 0 ? name
        : PathParser.IsSeparator(directory[^1]) ? directory + name
        : string.Concat(directory, "/", name);
}
