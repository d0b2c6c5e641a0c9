using System.Collections.Frozen;

namespace LangGuard.Files;

/// <summary>The identities of protected files, so that a hard link or bind mount does not give them another name.</summary>
internal sealed class ProtectedIdentities
{
    private static readonly string[] SideFiles = ["", "-wal", "-shm", "-journal"];
    private readonly string[] _paths;
    private readonly FrozenSet<FileIdentity> _known;

    public ProtectedIdentities(IEnumerable<string> paths)
    {
        _paths = [.. paths];
        _known = Read().ToFrozenSet();
    }

    /// <summary>Whether an open file is protected. A file with several names is compared with what is there now, too.</summary>
    public bool Contains(in FileFacts facts)
    {
        if (_paths.Length == 0 || !facts.Identity.IsKnown)
        {
            return false;
        }

        FileIdentity identity = facts.Identity;
        return _known.Contains(identity) || (facts.Links > 1 && Read().Contains(identity));
    }

    private IEnumerable<FileIdentity> Read() =>
        from path in _paths
        from suffix in SideFiles
        let identity = HostFiles.IdentityOf(path + suffix)
        where identity.IsKnown
        select identity;
}
