namespace LangGuard.Misuse;

/// <summary>What is watched for, one entry for each layer. Defaults are on and safe.</summary>
public sealed class MisuseOptions
{
    /// <summary>Which operations a person must approve. Default: none.</summary>
    public ApprovalOptions RequireApproval { get; } = new();
}
