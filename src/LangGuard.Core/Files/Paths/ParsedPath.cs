namespace LangGuard.Files;

/// <summary>A text as a name beneath a root: '/'-separated, without empty, "." and ".." parts.</summary>
internal readonly record struct ParsedPath(FileRoot? Root, string Name, bool MustBeDirectory, PathProblem Problem)
{
    public static ParsedPath Bad(PathProblem problem) => new(null, string.Empty, false, problem);
}
