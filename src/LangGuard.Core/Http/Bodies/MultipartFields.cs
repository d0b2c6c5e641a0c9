using System.Collections.Frozen;

namespace LangGuard.Http;

/// <summary>The parts that a multipart form may have: fields, and files with the media types they may be of.</summary>
internal sealed class MultipartFields
{
    public required FormFields Fields { get; init; }

    /// <summary>Names of the parts that may be files.</summary>
    public required FrozenSet<string> Files { get; init; }

    /// <summary>Media types a file may have; a file without one counts as <c>application/octet-stream</c>.</summary>
    public required FrozenSet<string> FileTypes { get; init; }

    public int MaxParts { get; init; } = 64;
}
