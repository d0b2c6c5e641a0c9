using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Attributes, times, modes, existence.</summary>
internal sealed partial class FileActions
{
    private static readonly DateTime Missing = new(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Whether there is a file or directory that the agent may see. Never throws.</summary>
    public FileKind KindOf(string? path)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            return FileKind.Missing;
        }

        ParsedPath parsed = Parser.Parse(path, Current);
        if (parsed.Root is null)
        {
            _ = Deny(path, parsed.Problem == PathProblem.Unclear ? FileReasons.UnclearName : FileReasons.OutsideRoot);
            return FileKind.Missing;
        }

        using AcquiredFile found = AcquireFacts(path, FilePermissions.List);
        Authorization answer = _session.TryAuthorize(found.Operation);
        using Permit? permit = answer.Permit;
        if (permit is null)
        {
            return FileKind.Missing;
        }

        permit.Complete(OperationOutcome.Success());
        return found.Status == FileStatus.Ok ? found.Facts.Kind : FileKind.Missing;
    }

    /// <summary>Facts of what a name stands for, links followed; null when there is nothing.</summary>
    public FileFacts? TryFacts(string path, out FileStatus status) => TryFacts(path, out status, out _);

    /// <summary>As above; also tells whether a link was met, because only then can the name itself be one.</summary>
    private FileFacts? TryFacts(string path, out FileStatus status, out bool metLink)
    {
        using AcquiredFile found = AcquireFacts(path, FilePermissions.List);
        using Permit permit = _session.Authorize(found.Operation);
        status = found.Status;
        metLink = !string.Equals(found.Name, found.Resolved, StringComparison.Ordinal);
        if (status is FileStatus.NotFound or FileStatus.NotDirectory)
        {
            return null;
        }

        ThrowIfFailed(found);
        permit.Complete(OperationOutcome.Success());
        return found.Facts;
    }

    public FileFacts Facts(string path) => Facts(path, out _);

    public FileAttributes Attributes(string path)
    {
        FileFacts facts = Facts(path, out bool metLink);
        return AttributesOf(facts, NameOf(path), metLink && IsLink(path));
    }

    /// <summary>Attributes, or -1 as the platform's info objects say for what is not there.</summary>
    public FileAttributes AttributesOrMissing(string path) => TryFacts(path, out _, out bool metLink) is { } facts
        ? AttributesOf(facts, NameOf(path), metLink && IsLink(path))
        : (FileAttributes)(-1);

    private FileFacts Facts(string path, out bool metLink)
    {
        if (TryFacts(path, out FileStatus status, out metLink) is { } facts)
        {
            return facts;
        }

        ParsedPath parsed = Parse(path);
        using AcquiredFile found = Failed(parsed, FilePermissions.List, status);
        throw FileErrors.For(status, found.Display, ParentIsMissing(found));
    }

    public DateTime Time(string path, FileTime time)
    {
        if (TryFacts(path, out _) is not { } facts)
        {
            return Missing;
        }

        return time switch
        {
            FileTime.Access => new DateTime(facts.LastAccessTicks, DateTimeKind.Utc),
            FileTime.Write => new DateTime(facts.LastWriteTicks, DateTimeKind.Utc),
            _ => new DateTime(CreationTicks(path, facts), DateTimeKind.Utc),
        };
    }

    public void SetTime(string path, FileTime time, DateTime value)
    {
        long ticks = value.ToUniversalTime().Ticks;
        ChangeFacts(path, null, time == FileTime.Access ? ticks : null, time == FileTime.Access ? null : ticks);
    }

    public void SetMode(string path, UnixFileMode mode) => ChangeFacts(path, mode, null, null);

    public void SetAttributes(string path, FileAttributes attributes)
    {
        FileFacts facts = Facts(path);
        const UnixFileMode write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        bool readOnly = (attributes & FileAttributes.ReadOnly) != 0;
        UnixFileMode mode = readOnly ? facts.Mode & ~write : facts.Mode | UnixFileMode.UserWrite;
        ChangeFacts(path, mode == facts.Mode ? null : mode, null, null);
    }

    /// <summary>The text of a link as the agent may see it; null when the name is no link.</summary>
    public string? LinkText(string path)
    {
        using AcquiredFile found = AcquireName(path, FilePermissions.List);
        using Permit permit = _session.Authorize(found.Operation);
        if (found.Status != FileStatus.Ok || found.Facts.Kind != FileKind.Link
            || found.Parent!.ReadLink(found.Leaf, out string text) != FileStatus.Ok)
        {
            return null;
        }

        string? shown = VirtualTarget(found, text);
        ThrowIf(shown is null ? FileReasons.OutsideRoot : null, found.Operation);
        permit.Complete(OperationOutcome.Success());
        return shown;
    }

    /// <summary>Where a link leads, in full form; null when the name is no link.</summary>
    public (string FullName, bool IsDirectory)? FollowLink(string path, bool toTheEnd)
    {
        using AcquiredFile link = AcquireName(path, FilePermissions.List);
        using Permit permit = _session.Authorize(link.Operation);
        ThrowIfFailed(link);
        permit.Complete(OperationOutcome.Success());
        if (link.Facts.Kind != FileKind.Link || link.Parent!.ReadLink(link.Leaf, out string text) != FileStatus.Ok)
        {
            return null;
        }

        FileStatus status = link.Root.Confined.Stat(link.Name, out FileFacts facts, out string resolved);
        ThrowIf(FileErrors.ObstacleOf(status), link.Operation);
        ThrowIf(status == FileStatus.TooManyLinks ? status : FileStatus.Ok, link.Display);
        bool isDirectory = status == FileStatus.Ok && facts.Kind == FileKind.Directory;
        string? next = VirtualTarget(link, text);
        ThrowIf(next is null ? FileReasons.OutsideRoot : null, link.Operation);
        string full = toTheEnd
            ? link.Root.Display(resolved)
            : Parser.ToFullPath(next!, link.Root.Display(ParentOf(link.Resolved)));
        return (full, isDirectory);
    }

    private static string ParentOf(string name) => name.LastIndexOf('/') is var cut && cut < 0 ? string.Empty : name[..cut];

    /// <summary>The last part of the name that a path stands for, whatever steps it was written with; nothing for a root.</summary>
    private string NameOf(string path)
    {
        string name = Parse(path).Name;
        return name[(name.LastIndexOf('/') + 1)..];
    }

    private bool IsLink(string path)
    {
        ParsedPath parsed = Parse(path);
        return parsed.Name.Length > 0 && IsLink(parsed.Root!, parsed.Name);
    }

    /// <summary>A link's text without host paths; null when it leads outside.</summary>
    private static string? VirtualTarget(AcquiredFile link, string text)
    {
        if (link.Root.Confined.Stat(link.Name, out _, out string resolved) == FileStatus.Outside)
        {
            return null;
        }

        return PathParser.IsAbsolute(text) ? link.Root.Display(resolved) : text;
    }

    private static FileAttributes AttributesOf(in FileFacts facts, string name, bool isLink)
    {
        FileAttributes attributes = facts.Attributes ?? 0;
        if (facts.Attributes is null)
        {
            attributes |= facts.Kind == FileKind.Directory ? FileAttributes.Directory : 0;
            attributes |= IsReadOnly(facts) ? FileAttributes.ReadOnly : 0;
            attributes |= name.StartsWith('.') ? FileAttributes.Hidden : 0;
            attributes |= isLink ? FileAttributes.ReparsePoint : 0;
        }

        return attributes == 0 ? FileAttributes.Normal : attributes;
    }

    public static bool IsReadOnly(in FileFacts facts)
    {
        if (facts.Attributes is { } attributes)
        {
            return (attributes & FileAttributes.ReadOnly) != 0;
        }

        UnixFileMode needed = facts.Owner == LinuxCalls.EffectiveUser() ? UnixFileMode.UserWrite
            : facts.Group == LinuxCalls.EffectiveGroup() ? UnixFileMode.GroupWrite : UnixFileMode.OtherWrite;
        return (facts.Mode & needed) == 0;
    }

    private long CreationTicks(string path, in FileFacts facts)
    {
        ParsedPath parsed = Parse(path);
        if (parsed.Root!.Confined.Open(parsed.Name, FileAim.Facts, out ConfinedFile? file) == FileStatus.Ok)
        {
            using (file)
            {
                if (file is LinuxFile linux && LinuxStat.BirthTicks(linux.Descriptor) is { } birth)
                {
                    return birth;
                }
            }
        }

        // Where none is kept, the platform takes the older of the other two.
        return Math.Min(facts.LastWriteTicks, facts.ChangeTicks);
    }

    private void ChangeFacts(string path, UnixFileMode? mode, long? accessTicks, long? writeTicks)
    {
        ParsedPath parsed = Parse(path);
        FileStatus status = parsed.Root!.Confined.Open(parsed.Name, FileAim.Read, out ConfinedFile? file);
        using AcquiredFile found = status == FileStatus.Ok
            ? FoundEntry(parsed, file!, FilePermissions.Modify)
            : Failed(parsed, FilePermissions.Modify, status);
        using Permit permit = _session.Authorize(found.Operation);
        ThrowIfFailed(found);
        if (mode is { } wanted)
        {
            UnixFileMode added = wanted & ~found.Facts.Mode;
            bool executes = found.Facts.Kind == FileKind.File && (added & ExecuteBits) != 0;
            ThrowIf(executes || (added & SetIdBits) != 0 ? FileReasons.Executable : null, found.Operation);
        }

        ThrowIf(
            _changes.ChangeFacts(found.Operation, found.Root, found.File!, mode, accessTicks, writeTicks), found.Display);
        permit.Complete(OperationOutcome.Success());
    }

    private AcquiredFile FoundEntry(in ParsedPath parsed, ConfinedFile file, FilePermissions permissions)
    {
        FileFacts facts = file.Facts;
        FileStatus status = facts.Kind is FileKind.File or FileKind.Directory ? FileStatus.Ok : FileStatus.Special;
        AcquiredFile found = new()
        {
            Root = parsed.Root!, Name = parsed.Name, Resolved = file.Name, File = file, Facts = facts, Status = status,
        };
        FileTarget target = TargetFor(parsed.Root!, parsed.Name, file.Name, permissions, facts, status);
        found.Operation = new FileOperation(_session.Principal, EffectsOf(permissions), in target, found);
        return found;
    }
}
