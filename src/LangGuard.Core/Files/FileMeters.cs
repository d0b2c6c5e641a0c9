using System.Collections.Concurrent;

namespace LangGuard.Files;

/// <summary>What one session tree has used in each root.</summary>
internal sealed class FileMeters
{
    private readonly ConcurrentDictionary<string, FileMeter> _byRoot = new(StringComparer.Ordinal);

    public FileMeter For(FileRoot root) => _byRoot.GetOrAdd(root.Anchor, static _ => new FileMeter());
}
