namespace LangGuard.PostgreSql;

/// <summary>What to do when a login can do more than the policy grants.</summary>
public enum ExcessRights
{
    /// <summary>Work all the same; <see cref="PostgreSqlCredentialAudit"/> lists what is too much.</summary>
    Report = 0,

    /// <summary>Refuse every statement until the rights are taken away.</summary>
    Refuse,
}
