using System.Text;

namespace LangGuard.Files;

/// <summary>
/// Turns what a caller wrote into a name beneath a root. Names are <c>/root/part/part</c>; a relative name starts at the
/// current directory, which is the root when there is only one; a path of the host that lies beneath a root, part by part,
/// means the same file. "." and ".." are collapsed in the text before anything is opened, as the platform does. Nothing is
/// decoded, expanded or folded.
/// </summary>
internal sealed class PathParser
{
    private const int LengthLimit = 4096;
    private const int PartLimit = 255;
    private readonly FileRoot[] _roots;
    private readonly bool _takesAsWritten;

    public PathParser(IEnumerable<FileRoot> roots)
    {
        _roots = [.. roots];
        _takesAsWritten = _roots.Length > 0 && _roots[0].TakesNamesAsWritten;
        Start = _roots.Length == 1 ? $"/{_roots[0].Name}" : "/";
    }

    /// <summary>The current directory of a new session.</summary>
    public string Start { get; }

    public IReadOnlyList<FileRoot> Roots => _roots;

    public static bool IsSeparator(char c) => c == '/' || (c == '\\' && OperatingSystem.IsWindows());

    /// <summary>Parses a name against a current directory, which is in full form.</summary>
    public ParsedPath Parse(string path, string current)
    {
        if (path.Length == 0)
        {
            return ParsedPath.Bad(PathProblem.Empty);
        }

        if (_takesAsWritten)
        {
            return AsWritten(path);
        }

        if (_roots.Length == 1 && ReferenceEquals(current, Start) && IsClean(path))
        {
            return Check(_roots[0], path, mustBeDirectory: false);
        }

        PathProblem problem = CheckText(path);
        if (problem != PathProblem.None)
        {
            return ParsedPath.Bad(problem);
        }

        List<string> parts = [];
        bool isAbsolute = IsAbsolute(path);
        if (!isAbsolute && !Append(parts, current))
        {
            return ParsedPath.Bad(PathProblem.Outside);
        }

        if (!Append(parts, path))
        {
            return ParsedPath.Bad(PathProblem.Outside);
        }

        bool mustBeDirectory = IsSeparator(path[^1]);
        foreach (FileRoot root in _roots)
        {
            if (parts.Count > 0 && string.Equals(parts[0], root.Name, StringComparison.Ordinal))
            {
                return Check(root, string.Join('/', parts.Skip(1)), mustBeDirectory);
            }
        }

        return isAbsolute ? ParseHostPath(parts, mustBeDirectory) : ParsedPath.Bad(PathProblem.Outside);
    }

    /// <summary>The full form of a name, also of one that lies nowhere.</summary>
    public string ToFullPath(string path, string current)
    {
        ParsedPath parsed = Parse(path, current);
        if (parsed.Root is { } root)
        {
            return root.Display(parsed.Name) + (parsed.MustBeDirectory && parsed.Name.Length > 0 ? "/" : string.Empty);
        }

        List<string> parts = [];
        if (!IsAbsolute(path))
        {
            _ = Append(parts, current);
        }

        _ = Append(parts, path, clamps: true);
        return "/" + string.Join('/', parts);
    }

    public static bool IsAbsolute(string path) =>
        path.Length > 0 && (IsSeparator(path[0]) || (OperatingSystem.IsWindows() && path.Length > 1 && path[1] == ':'));

    /// <summary>For a test that measures what holds without this class: only a root's own prefix is cut off.</summary>
    private ParsedPath AsWritten(string path)
    {
        foreach (FileRoot root in _roots)
        {
            foreach (string prefix in root.Spellings.Select(spelling => spelling.Text).Append(root.Display(string.Empty)))
            {
                if (path.StartsWith(prefix, StringComparison.Ordinal))
                {
                    return new ParsedPath(root, path[prefix.Length..].TrimStart('/'), false, PathProblem.None);
                }
            }
        }

        return new ParsedPath(_roots[0], path, false, PathProblem.None);
    }

    private static ParsedPath Check(FileRoot root, string name, bool mustBeDirectory)
    {
        PathProblem problem = CheckText(name);
        if (problem == PathProblem.None && root.PortableNames && !PortableName.IsPortable(name))
        {
            problem = PathProblem.Unclear;
        }

        return problem == PathProblem.None
            ? new ParsedPath(root, name, mustBeDirectory, PathProblem.None)
            : ParsedPath.Bad(problem);
    }

    private ParsedPath ParseHostPath(List<string> parts, bool mustBeDirectory)
    {
        HostPath path = new("/" + string.Join('/', parts));
        foreach (FileRoot root in _roots)
        {
            foreach (HostPath spelling in root.Spellings)
            {
                if (spelling.Contains(path))
                {
                    return Check(root, spelling.RelativeOf(path), mustBeDirectory);
                }
            }
        }

        return ParsedPath.Bad(PathProblem.Outside);
    }

    /// <summary>Whether a relative name needs no work at all.</summary>
    private static bool IsClean(string path)
    {
        if (IsAbsolute(path) || OperatingSystem.IsWindows())
        {
            return false;
        }

        int start = 0;
        for (int i = 0; i <= path.Length; i++)
        {
            if (i < path.Length && path[i] != '/')
            {
                continue;
            }

            ReadOnlySpan<char> part = path.AsSpan(start, i - start);
            if (part.IsEmpty || part is "." or "..")
            {
                return false;
            }

            start = i + 1;
        }

        return true;
    }

    private static bool Append(List<string> parts, string path, bool clamps = false)
    {
        int start = 0;
        for (int i = 0; i <= path.Length; i++)
        {
            if (i < path.Length && !IsSeparator(path[i]))
            {
                continue;
            }

            ReadOnlySpan<char> part = path.AsSpan(start, i - start);
            start = i + 1;
            if (part.IsEmpty || part is ".")
            {
                continue;
            }

            if (part is not "..")
            {
                parts.Add(part.ToString());
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (!clamps)
            {
                return false;
            }
        }

        return true;
    }

    private static PathProblem CheckText(string name)
    {
        if (name.Length > LengthLimit)
        {
            return PathProblem.TooLong;
        }

        if (name.Contains('\0', StringComparison.Ordinal))
        {
            return PathProblem.NullCharacter;
        }

        if (Ascii.IsValid(name))
        {
            return name.Length <= PartLimit || PartsFit(name) ? PathProblem.None : PathProblem.TooLong;
        }

        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsHighSurrogate(name[i]) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(name[i]))
            {
                // Two different texts with lone surrogates become one name on disk.
                return PathProblem.IllFormed;
            }
        }

        return Encoding.UTF8.GetByteCount(name) < LengthLimit && PartsFit(name) ? PathProblem.None : PathProblem.TooLong;
    }

    private static bool PartsFit(string name)
    {
        foreach (Range range in name.AsSpan().SplitAny('/', OperatingSystem.IsWindows() ? '\\' : '/'))
        {
            if (Encoding.UTF8.GetByteCount(name.AsSpan()[range]) > PartLimit)
            {
                return false;
            }
        }

        return true;
    }
}
