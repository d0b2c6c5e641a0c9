namespace LangGuard.Misuse;

/// <summary>The rule for files: what a journal can bring back, and what this session made, may be changed; the rest only when
/// the user named it.</summary>
internal sealed partial class UntrustedContentLayer
{
    private Objection ReviewFile(FileOperation file, GuardSession session, Provenance provenance)
    {
        var second = file.SecondTarget;
        return Destroys(file.Target, second is not null, session, provenance)
            || (second is { } target && Destroys(target, isMoved: true, session, provenance))
                ? Objection.Ask(UntrustedContentReasons.Destructive)
                : Objection.None;
    }

    /// <summary>What is moved is still there, and what it replaces counts as changed. Inside the root that all untrusted content came from, changing is ordinary
    /// editing, as reading back is on the web.</summary>
    private bool Destroys(in FileTarget target, bool isMoved, GuardSession session, Provenance provenance)
    {
        var deletes = (target.Permissions & FilePermissions.Delete) != 0;
        var changes = (target.Permissions & FilePermissions.Modify) != 0 || (deletes && isMoved);
        deletes &= !isMoved;
        changes &= !_isJournalled && !session.Tree.IsUntrustedOnlyBy(target.Root);
        if (!deletes && !changes)
        {
            return false;
        }

        return !OwnFiles.IsOwn(provenance, target)
            && !IsNamed(target, target.ResolvedPath, provenance)
            && !IsNamed(target, target.Path, provenance);
    }

    /// <summary>The whole name, with or without the root; or the last part, when the user also wrote every part above it.</summary>
    private static bool IsNamed(in FileTarget target, ReadOnlySpan<char> path, Provenance provenance)
    {
        if (path.IsEmpty || path.Length + target.Root.Length + 1 > Entity.MaxLength)
        {
            return false;
        }

        Span<char> whole = stackalloc char[Entity.MaxLength];
        target.Root.CopyTo(whole);
        whole[target.Root.Length] = '/';
        path.CopyTo(whole[(target.Root.Length + 1)..]);
        if (provenance.IsOfUser(EntityKind.Path, path)
            || provenance.IsOfUser(EntityKind.Path, whole[..(target.Root.Length + 1 + path.Length)]))
        {
            return true;
        }

        var last = path.LastIndexOf('/');
        if (last < 0 || !provenance.IsOfUser(EntityKind.Path, path[(last + 1)..]))
        {
            return false;
        }

        foreach (var range in path[..last].Split('/'))
        {
            if (!provenance.IsPhraseOfUser(path[..last][range]))
            {
                return false;
            }
        }

        return true;
    }
}
