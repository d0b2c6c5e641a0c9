using LangGuard.Files;
using LangGuard.Misuse;

namespace LangGuard;

/// <summary>An operation on one file or directory, or on two for a copy or a move.</summary>
public sealed class FileOperation : Operation
{
    private readonly FileTarget _target;
    private readonly FileTarget _secondTarget;
    private readonly bool _hasSecond;

    /// <summary>Creates a file operation.</summary>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="effects">What it does.</param>
    /// <param name="target">The file or directory; the source of a copy or move.</param>
    /// <param name="secondTarget">The destination of a copy or move.</param>
    public FileOperation(Principal principal, Effects effects, FileTarget target, FileTarget? secondTarget = null)
        : base(Surface.Files, effects, principal)
    {
        ArgumentNullException.ThrowIfNull(target.Root);
        ArgumentNullException.ThrowIfNull(target.Path);
        ArgumentNullException.ThrowIfNull(target.ResolvedPath);
        _target = target;
        _secondTarget = secondTarget.GetValueOrDefault();
        _hasSecond = secondTarget.HasValue;
    }

    internal FileOperation(Principal principal, Effects effects, in FileTarget target, IHeldObject? held)
        : base(Surface.Files, effects, principal)
    {
        _target = target;
        Held = held;
    }

    /// <summary>The file or directory; the source of a copy or move.</summary>
    public FileTarget Target => _target;

    /// <summary>The destination of a copy or move; otherwise null.</summary>
    public FileTarget? SecondTarget => _hasSecond ? _secondTarget : null;

    /// <inheritdoc />
    public override string Resource => _hasSecond ? $"{_target} -> {_secondTarget}" : _target.ToString();

    /// <inheritdoc />
    public override string CanonicalEffect => $"{base.CanonicalEffect} #{_target.Identity} {_target.Path}"
        + (_hasSecond ? $" #{_secondTarget.Identity} {_secondTarget.Path}" : string.Empty)
        + (Held?.State is { } state ? $" as it is at {state}" : string.Empty)
        + (Written is null ? string.Empty : $" {(Written.Appends ? "append " : string.Empty)}sha256:{Written.Hash}");

    /// <summary>What the guard acquired, to look at again after an approval.</summary>
    internal IHeldObject? Held { get; init; }

    /// <summary>The content that is about to be written, where it is known beforehand and somebody may be asked.</summary>
    internal WrittenContent? Written { get; init; }

    internal string? ContentHash => Written?.Hash;

    internal ref readonly FileTarget First => ref _target;

    internal ref readonly FileTarget Second => ref _secondTarget;

    internal bool HasSecond => _hasSecond;

    /// <inheritdoc />
    protected internal override bool StillHolds() => Held is null || Held.StillHolds();

    internal override OperationPreview Preview() => Held?.Preview(this) ?? default;

    internal override string Source => $"/{_target.Root}/{_target.ResolvedPath}";

    internal override string StoredAs => StoredName(_target);

    internal override bool IsStoredForAll => _target.Anchor is not null;

    /// <summary>The names beneath a directory that goes whole, as labels keep them.</summary>
    internal IEnumerable<string> StoredContents
    {
        get
        {
            foreach (var name in _target.Contents ?? [])
            {
                yield return StoredName(_target with { ResolvedPath = name });
            }
        }
    }

    internal override string WritesTo => StoredName(_hasSecond ? _secondTarget : _target);

    internal override bool WritesForAll => (_hasSecond ? _secondTarget : _target).Anchor is not null;

    internal override void AddTo(ref OperationHash hash)
    {
        hash.Add((int)Effects);
        AddTo(ref hash, _target);
        if (_hasSecond)
        {
            AddTo(ref hash, _secondTarget);
        }

        hash.Add(ContentHash);
    }

    private static void AddTo(ref OperationHash hash, in FileTarget target)
    {
        hash.Add(target.Root);
        hash.Add(target.Path);
        hash.Add(target.ResolvedPath);
        hash.Add((int)target.Permissions);
    }

    private static string StoredName(in FileTarget target) =>
        $"Files:{(target.Anchor ?? target.Root).TrimEnd('/')}/{target.ResolvedPath}";
}
