namespace LangGuard.Misuse;

/// <summary>Which arguments of a function say who or what is affected.</summary>
internal sealed class FunctionTargetOptions
{
    /// <summary>The arguments that name receivers, records or places, by exact name. Default: none; then every argument counts
    /// as one.</summary>
    public ISet<string> Arguments { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The argument that has to be in the user's words when no target is given, such as a title. Null, the default:
    /// a call without any target asks.</summary>
    public string? Subject { get; set; }
}
