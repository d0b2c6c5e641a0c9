namespace LangGuard.Permissions;

/// <summary>Limits of one root or rule. Null takes the default; a rule can only be stricter than its root.</summary>
public sealed class FileLimitOptions
{
    /// <summary>The largest file that is read whole or opened for reading, in bytes. Default: 64 MiB.</summary>
    public long? ReadBytes { get; set; }

    /// <summary>The largest length that a written file may have, in bytes. Default: 64 MiB.</summary>
    public long? WriteBytes { get; set; }

    /// <summary>All bytes read in one session. Default: 1 GiB.</summary>
    public long? SessionReadBytes { get; set; }

    /// <summary>All bytes written in one session, counting logical length. Default: 256 MiB.</summary>
    public long? SessionWriteBytes { get; set; }

    /// <summary>Files and directories created in one session. Default: 1,000.</summary>
    public long? SessionFiles { get; set; }

    /// <summary>Entries that one listing may visit. Default: 20,000.</summary>
    public int? Entries { get; set; }

    /// <summary>Directories that one listing may descend. Default: 32.</summary>
    public int? Depth { get; set; }

    /// <summary>Entries that one recursive delete or directory move may touch. Default: 1,000.</summary>
    public int? TreeEntries { get; set; }

    /// <summary>Streams and handles open at once in one session. Default: 64.</summary>
    public int? OpenFiles { get; set; }

    /// <summary>Change events a second that a watcher passes on. Default: 100.</summary>
    public int? EventsPerSecond { get; set; }
}
