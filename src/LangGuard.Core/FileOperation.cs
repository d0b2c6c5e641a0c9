namespace LangGuard;

/// <summary>An operation on one file or directory, or on two for a copy or a move.</summary>
public sealed class FileOperation : Operation
{
    /// <summary>Creates a file operation.</summary>
    public FileOperation(Principal principal, Effects effects, FileTarget target, FileTarget? secondTarget = null)
        : base(Surface.Files, effects, principal)
    {
        Target = target;
        SecondTarget = secondTarget;
    }

    /// <summary>The file or directory; the source of a copy or move.</summary>
    public FileTarget Target { get; }

    /// <summary>The destination of a copy or move; otherwise null.</summary>
    public FileTarget? SecondTarget { get; }

    /// <inheritdoc />
    public override string Resource => SecondTarget is { } second ? $"{Target} -> {second}" : Target.ToString();
}
