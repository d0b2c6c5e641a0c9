namespace LangGuard.Data;

/// <summary>What to do when a login, or a process with a database file, can do more than the policy grants.</summary>
public enum ExcessRights
{
    /// <summary>Work all the same; the credential audit of the engine lists what is too much.</summary>
    Report = 0,

    /// <summary>Refuse every statement until the rights are taken away.</summary>
    Refuse,
}
