using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>
/// Carries out file operations for one session: parse the name, acquire without effect, authorize, act on what was acquired,
/// complete the permit. Every member of the guarded file system ends here.
/// </summary>
internal sealed partial class FileActions : IDisposable
{
    private const FilePermissions Reading = FilePermissions.Read | FilePermissions.List;
    private const int AttemptLimit = 8;
    private readonly GuardSession _session;
    private readonly FileChanges _changes;
    private readonly FileMeter[] _meters;
    private string _current;

    public FileActions(GuardSession session, IEnumerable<FileRoot> roots, FileChanges changes)
    {
        _session = session;
        _changes = changes;
        Parser = new PathParser(roots);
        FileMeters meters = session.State<FileMeters>();
        _meters = [.. Parser.Roots.Select(meters.For)];
        _current = Parser.Start;
    }

    public PathParser Parser { get; }

    public string Current => Volatile.Read(ref _current);

    /// <summary>The full form of a name, as the agent sees it.</summary>
    public string FullPath(string path)
    {
        RefuseText(path, nameof(path));
        return Parser.ToFullPath(path, Current);
    }

    public void SetCurrent(string path)
    {
        using AcquiredFile found = AcquireFacts(path, FilePermissions.List);
        using Permit permit = _session.Authorize(found.Operation);
        ThrowIfFailed(found);
        if (found.Facts.Kind != FileKind.Directory)
        {
            throw FileErrors.For(FileStatus.NotDirectory, found.Display);
        }

        string full = found.Root.Display(found.Name);
        Volatile.Write(ref _current, string.Equals(full, Parser.Start, StringComparison.Ordinal) ? Parser.Start : full);
        permit.Complete(OperationOutcome.Success());
    }

    /// <summary>Parses a name, or throws what the platform throws for such a text, or denies.</summary>
    private ParsedPath Parse(string path, string parameter = "path")
    {
        RefuseText(path, parameter);
        ParsedPath parsed = Parser.Parse(path, Current);
        if (parsed.Root is not null)
        {
            return parsed;
        }

        throw parsed.Problem switch
        {
            PathProblem.TooLong => new PathTooLongException("The path is too long, or a component of it is."),
            PathProblem.IllFormed => new ArgumentException("The path is not well-formed text.", parameter),
            PathProblem.NullCharacter => new ArgumentException("Null character in path.", parameter),
            PathProblem.Empty => new ArgumentException("The path is empty.", parameter),
            PathProblem.Unclear => Deny(path, FileReasons.UnclearName),
            _ => Deny(path, FileReasons.OutsideRoot),
        };
    }

    private static void RefuseText(string? path, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(path, parameter);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("Null character in path.", parameter);
        }
    }

    /// <summary>Denies through the session, so that the attempt is counted and recorded.</summary>
    private AccessDeniedException Deny(string path, Reason reason)
    {
        const int shown = 128;
        string text = path.Length <= shown ? path : string.Concat(path.AsSpan(0, shown), "...");
        FileTarget target = new(string.Empty, text, text, FilePermissions.None);
        FileOperation operation = new(_session.Principal, Effects.None, target);
        return new AccessDeniedException(_session.Refuse(operation, reason).Decision, operation);
    }

    /// <summary>A denial found after the decision, by a limit or by the content.</summary>
    private static AccessDeniedException Denied(Reason reason, Operation operation) => new(Decision.Deny(reason), operation);

    private static void ThrowIf(Reason? reason, Operation operation)
    {
        if (reason is not null)
        {
            throw Denied(reason, operation);
        }
    }

    private static void ThrowIf(FileStatus status, string name)
    {
        if (status != FileStatus.Ok)
        {
            throw FileErrors.For(status, name);
        }
    }

    private static void ThrowIfFailed(AcquiredFile found)
    {
        if (found.Status == FileStatus.Ok)
        {
            return;
        }

        if (FileErrors.ObstacleOf(found.Status) is { } reason)
        {
            throw Denied(reason, found.Operation);
        }

        throw FileErrors.For(found.Status, found.Display, ParentIsMissing(found));
    }

    private static bool ParentIsMissing(AcquiredFile found)
    {
        int cut = found.Name.LastIndexOf('/');
        return found.Status == FileStatus.NotFound && cut > 0
            && !(found.Root.Confined.Stat(found.Name[..cut], out FileFacts parent, out _) == FileStatus.Ok
                && parent.Kind == FileKind.Directory);
    }

    private FileMeter MeterOf(FileRoot root)
    {
        for (int i = 0; i < _meters.Length; i++)
        {
            if (ReferenceEquals(Parser.Roots[i], root))
            {
                return _meters[i];
            }
        }

        return _session.State<FileMeters>().For(root);
    }

    private static FileGrant GrantOf(Permit permit) => (FileGrant)permit.Grant;

    private static FileTarget TargetFor(
        FileRoot root, string name, string resolved, FilePermissions permissions, in FileFacts facts, FileStatus status)
    {
        Reason? obstacle = FileErrors.ObstacleOf(status);
        IReadOnlyList<string>? others = null;
        if (obstacle is null && facts.Kind != FileKind.Missing)
        {
            if (root.Protected.Contains(facts))
            {
                obstacle = FileReasons.Protected;
            }
            else if (facts.Links > 1 && facts.Kind == FileKind.File
                && (permissions & (FilePermissions.Read | FilePermissions.Modify)) != 0)
            {
                obstacle = CheckHardLinks(root, facts, out others);
            }
        }

        obstacle ??= root.Sensitive?.Refuse(resolved, permissions)
            ?? (ReferenceEquals(name, resolved) ? null : root.Sensitive?.Refuse(name, permissions));
        return new FileTarget(root.Name, name, resolved, permissions)
        {
            Anchor = root.Anchor,
            Identity = facts.Identity,
            Obstacle = obstacle,
            OtherNames = others,
            Links = facts.Kind == FileKind.File && (permissions & (FilePermissions.Read | FilePermissions.Modify)) != 0 ? facts.Links : 0,
            SpansMounts = root.SpansMounts,
        };
    }

    private static Reason? CheckHardLinks(FileRoot root, in FileFacts facts, out IReadOnlyList<string>? names)
    {
        names = null;
        if (root.HardLinks == HardLinkRule.Unguarded)
        {
            return null;
        }

        names = root.HardLinks == HardLinkRule.Census ? root.Census.NamesOf(root.Confined, facts) : null;
        return names is null ? FileReasons.HardLink : null;
    }
}
