using System.Collections.Frozen;
using LangGuard.Permissions;
using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>Notices when an agent opens a canary file or sends a canary's text, and freezes its session.</summary>
internal sealed class CanaryLayer : MisuseLayer
{
    private const FilePermissions Touching =
        FilePermissions.Read | FilePermissions.Modify | FilePermissions.Delete | FilePermissions.Link;

    // Says nothing about canaries: what a model knows of, it avoids.
    private static readonly Reason Tripped = new("misuse.frozen", "Changes are frozen by the host; only reading is possible.", Retry.Later);

    private readonly FrozenSet<string> _files;
    private readonly FrozenSet<string> _places;
    private readonly FrozenDictionary<string, string> _directories;
    private readonly OutgoingScan _scan;

    private CanaryLayer(CanaryOptions options, IDictionary<string, FileRootOptions> roots, OutgoingScan scan)
    {
        _files = options.Files.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _directories = roots.Where(root => Path.IsPathFullyQualified(root.Value.Root ?? string.Empty))
            .ToFrozenDictionary(root => root.Key, root => Path.GetFullPath(root.Value.Root!).TrimEnd('/') + "/", StringComparer.Ordinal);
        _places = _files.Select(PlaceOf).OfType<string>().ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _scan = scan;
    }

    public override string Name => "misuse.canaries";

    public override bool Reserves => true;

    internal static CanaryLayer? Compile(
        CanaryOptions options, IDictionary<string, FileRootOptions> roots, OutgoingScan scan, PolicyErrors errors)
    {
        foreach (var value in options.Values.Where(value => value.Length < EncodedForms.MinLength))
        {
            errors.Add("AnticipateMisuse:PlantCanaries:Values", null, "A canary is too short to be told apart from ordinary text.",
                $"Give at least {EncodedForms.MinLength} characters.");
        }

        return options.Files.Count + options.Values.Count == 0 ? null : new CanaryLayer(options, roots, scan);
    }

    public override Objection Review(Operation operation, GuardSession session) =>
        Trips(operation) ? Objection.Deny(Tripped) : Objection.None;

    /// <summary>Here, because a review may not change the session.</summary>
    public override Objection TryReserve(Operation operation, GuardSession session)
    {
        if (!Trips(operation))
        {
            return Objection.None;
        }

        if (!IsReportOnly)
        {
            session.Freeze();
        }

        return Objection.Deny(Tripped);
    }

    /// <summary>By the name that the policy gives it, and by its place: another root may show the same directory.</summary>
    internal bool IsCanary(ReadOnlySpan<char> root, ReadOnlySpan<char> path) =>
        Holds(_files, root, "/", path)
        || (_places.Count > 0 && _directories.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(root, out var directory)
            && Holds(_places, directory, default, path));

    private static bool Holds(FrozenSet<string> names, ReadOnlySpan<char> root, ReadOnlySpan<char> between, ReadOnlySpan<char> path)
    {
        var name = new TextBuffer(stackalloc char[256]);
        try
        {
            name.Add(root);
            name.Add(between);
            name.Add(path);
            return names.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name.Written);
        }
        finally
        {
            name.Dispose();
        }
    }

    private string? PlaceOf(string file)
    {
        var slash = file.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && _directories.TryGetValue(file[..slash], out var directory) ? directory + file[(slash + 1)..] : null;
    }

    private bool Trips(Operation operation) => operation switch
    {
        FileOperation file => Trips(file.Target) || (file.SecondTarget is { } second && Trips(second)),
        _ => _scan.HoldsCanary(operation),
    };

    private bool Trips(in FileTarget target) =>
        _files.Count > 0 && (target.Permissions & Touching) != 0
        && (IsCanary(target.Root, target.ResolvedPath)
            || (target.Path != target.ResolvedPath && IsCanary(target.Root, target.Path))
            || AnyIn(target.Root, target.OtherNames)

            // A directory that goes whole takes the canary to a name that is none.
            || AnyIn(target.Root, target.Contents));

    private bool AnyIn(string root, IReadOnlyList<string>? names)
    {
        for (var i = 0; i < (names?.Count ?? 0); i++)
        {
            if (IsCanary(root, names![i]))
            {
                return true;
            }
        }

        return false;
    }
}
