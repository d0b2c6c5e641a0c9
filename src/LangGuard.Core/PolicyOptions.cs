using LangGuard.Misuse;
using LangGuard.Permissions;

namespace LangGuard;

/// <summary>The one data model of a policy: what the fluent builder fills, what configuration binds, and what reports
/// read. With nothing set, everything is denied.</summary>
internal sealed class PolicyOptions
{
    /// <summary>What may be touched. Default: nothing.</summary>
    public PermissionOptions LimitPermissions { get; } = new();

    /// <summary>What is watched for. Default: every layer on, with safe values.</summary>
    public MisuseOptions AnticipateMisuse { get; } = new();

    /// <summary>The walls that hold if a layer above is wrong. Default: on, with safe values.</summary>
    public DefenseOptions DefendInDepth { get; } = new();
}
