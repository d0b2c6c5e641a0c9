using System.Collections.Frozen;
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
    private readonly OutgoingScan _scan;

    private CanaryLayer(CanaryOptions options, OutgoingScan scan)
    {
        _files = options.Files.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _scan = scan;
    }

    public override string Name => "misuse.canaries";

    public override bool Reserves => true;

    internal static CanaryLayer? Compile(CanaryOptions options, OutgoingScan scan, PolicyErrors errors)
    {
        foreach (var value in options.Values.Where(value => value.Length < EncodedForms.MinLength))
        {
            errors.Add("AnticipateMisuse:PlantCanaries:Values", null, "A canary is too short to be told apart from ordinary text.",
                $"Give at least {EncodedForms.MinLength} characters.");
        }

        return options.Files.Count + options.Values.Count == 0 ? null : new CanaryLayer(options, scan);
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

    internal bool IsCanary(ReadOnlySpan<char> root, ReadOnlySpan<char> path)
    {
        var name = new TextBuffer(stackalloc char[256]);
        try
        {
            name.Add(root);
            name.Add('/');
            name.Add(path);
            return _files.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name.Written);
        }
        finally
        {
            name.Dispose();
        }
    }

    private bool Trips(Operation operation) => operation switch
    {
        FileOperation file => Trips(file.Target) || (file.SecondTarget is { } second && Trips(second)),
        _ => _scan.HoldsCanary(operation),
    };

    private bool Trips(in FileTarget target) =>
        _files.Count > 0 && (target.Permissions & Touching) != 0
        && (IsCanary(target.Root, target.ResolvedPath) || (target.Path != target.ResolvedPath && IsCanary(target.Root, target.Path)));
}
