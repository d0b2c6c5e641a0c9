using LangGuard.Auditing;
using LangGuard.Posture;
using LangGuard.Redaction;

namespace LangGuard;

/// <summary>The walls that hold if a layer above is wrong, one entry for each.</summary>
internal sealed class DefenseOptions
{
    /// <summary>Where and how decisions and outcomes are recorded. Default: nowhere.</summary>
    public AuditOptions Audit { get; } = new();

    /// <summary>What the environment must give. Default: nothing, it is only reported.</summary>
    public PostureOptions Posture { get; } = new();

    /// <summary>How results are shaped before a model sees them.</summary>
    public ToolResultOptions ToolResults { get; } = new();

    /// <summary>The proxy that every HTTP request takes, such as <c>http://proxy.internal:3128</c>; when it is down, none is
    /// sent. Default: none, requests go out directly.</summary>
    public string? RequireProxy { get; set; }

    /// <summary>Where and how the journal of file changes is kept. Default: no journal.</summary>
    public JournalOptions Journal { get; } = new();
}
