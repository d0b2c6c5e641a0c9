namespace LangGuard.Misuse;

/// <summary>Which files and directories a session made itself. They are its own to change and to delete; nothing that was there before
/// ever becomes so.</summary>
internal static class OwnFiles
{
    /// <summary>Whether the session made the file; for a directory that goes whole, it and everything in it.</summary>
    internal static bool IsOwn(Provenance provenance, in FileTarget target)
    {
        if (!provenance.HasCreated(Key(target, target.ResolvedPath)))
        {
            return false;
        }

        foreach (var name in target.Contents ?? [])
        {
            if (!provenance.HasCreated(Key(target, name)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Notes what an operation made, moved and removed.</summary>
    internal static void Changed(Provenance provenance, FileOperation file, bool succeeded)
    {
        ref readonly var first = ref file.First;
        var leaves = (first.Permissions & FilePermissions.Delete) != 0;
        var wasOwn = leaves && IsOwn(provenance, first);
        if (leaves)
        {
            // Whoever uses the name next is somebody else.
            Forget(provenance, first);
        }

        if (!succeeded)
        {
            return;
        }

        if (!file.HasSecond)
        {
            Made(provenance, first);
        }
        else if (!leaves || wasOwn)
        {
            // A copy is new. What is moved is as own as it was.
            Made(provenance, file.Second);
        }
        else
        {
            Forget(provenance, file.Second);
        }
    }

    private static void Made(Provenance provenance, in FileTarget target)
    {
        if ((target.Permissions & (FilePermissions.Create | FilePermissions.Modify | FilePermissions.Delete)) != FilePermissions.Create)
        {
            return;
        }

        provenance.AddCreated(Key(target, target.ResolvedPath));
        foreach (var name in target.Contents ?? [])
        {
            provenance.AddCreated(Key(target, name));
        }

        // The directories above that were missing; they are called as they were asked for.
        foreach (var name in target.OtherNames ?? [])
        {
            var rest = target.Path.Length - name.Length;
            if (rest >= 0 && rest < target.ResolvedPath.Length && target.Path.StartsWith(name, StringComparison.Ordinal))
            {
                provenance.AddCreated(Key(target, target.ResolvedPath[..^rest]));
            }
        }
    }

    private static void Forget(Provenance provenance, in FileTarget target)
    {
        provenance.RemoveCreated(Key(target, target.ResolvedPath));
        foreach (var name in target.Contents ?? [])
        {
            provenance.RemoveCreated(Key(target, name));
        }
    }

    private static string Key(in FileTarget target, string name) => $"{target.Root}/{name}";
}
