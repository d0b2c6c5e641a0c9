namespace LangGuard.Auditing;

/// <summary>A sink that may not be the only one for its place: each policy that names the place has one.</summary>
internal interface IAuditPlace
{
    /// <summary>The same object for the same place.</summary>
    object Place { get; }

    /// <summary>What must be true of a record before its effect.</summary>
    AuditDemands Demands { get; }
}
