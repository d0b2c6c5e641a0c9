namespace LangGuard.Permissions;

/// <summary>Limits with every value set.</summary>
internal sealed record FileLimits(
    long ReadBytes,
    long WriteBytes,
    long SessionReadBytes,
    long SessionWriteBytes,
    long SessionFiles,
    int Entries,
    int Depth,
    int TreeEntries,
    int OpenFiles,
    int EventsPerSecond)
{
    private const long Mebibyte = 1024 * 1024;

    public static FileLimits Default { get; } =
        new(64 * Mebibyte, 64 * Mebibyte, 1024 * Mebibyte, 256 * Mebibyte, 1_000, 20_000, 32, 1_000, 64, 100);

    /// <summary>These limits with the given ones in their place.</summary>
    public FileLimits With(FileLimitOptions options) => new(
        options.ReadBytes ?? ReadBytes,
        options.WriteBytes ?? WriteBytes,
        options.SessionReadBytes ?? SessionReadBytes,
        options.SessionWriteBytes ?? SessionWriteBytes,
        options.SessionFiles ?? SessionFiles,
        options.Entries ?? Entries,
        options.Depth ?? Depth,
        options.TreeEntries ?? TreeEntries,
        options.OpenFiles ?? OpenFiles,
        options.EventsPerSecond ?? EventsPerSecond);

    public FileLimits Intersect(FileLimits other) => ReferenceEquals(this, other) ? this : new(
        Math.Min(ReadBytes, other.ReadBytes),
        Math.Min(WriteBytes, other.WriteBytes),
        Math.Min(SessionReadBytes, other.SessionReadBytes),
        Math.Min(SessionWriteBytes, other.SessionWriteBytes),
        Math.Min(SessionFiles, other.SessionFiles),
        Math.Min(Entries, other.Entries),
        Math.Min(Depth, other.Depth),
        Math.Min(TreeEntries, other.TreeEntries),
        Math.Min(OpenFiles, other.OpenFiles),
        Math.Min(EventsPerSecond, other.EventsPerSecond));

    public static void Validate(FileLimitOptions options, string path, PolicyErrors errors)
    {
        Check(options.ReadBytes, nameof(options.ReadBytes));
        Check(options.WriteBytes, nameof(options.WriteBytes));
        Check(options.SessionReadBytes, nameof(options.SessionReadBytes));
        Check(options.SessionWriteBytes, nameof(options.SessionWriteBytes));
        Check(options.SessionFiles, nameof(options.SessionFiles));
        Check(options.Entries, nameof(options.Entries));
        Check(options.Depth, nameof(options.Depth));
        Check(options.TreeEntries, nameof(options.TreeEntries));
        Check(options.OpenFiles, nameof(options.OpenFiles));
        Check(options.EventsPerSecond, nameof(options.EventsPerSecond));

        void Check(long? value, string name)
        {
            if (value < 0)
            {
                errors.Add(
                    $"{path}:Limits:{name}",
                    value.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    "A limit is negative.",
                    "Use 0 to allow nothing, or leave it out for the default.");
            }
        }
    }
}
