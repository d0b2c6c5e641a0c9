namespace LangGuard;

/// <summary>What an operation does to the world. An operation may have several effects.</summary>
[Flags]
public enum Effects
{
    /// <summary>No effect.</summary>
    None = 0,

    /// <summary>Returns content to the agent.</summary>
    Read = 1,

    /// <summary>Creates or changes data.</summary>
    Write = 2,

    /// <summary>Removes data.</summary>
    Delete = 4,

    /// <summary>Sends content to somebody outside.</summary>
    Send = 8,

    /// <summary>Moves money or value.</summary>
    Pay = 16,

    /// <summary>Runs code.</summary>
    Execute = 32,

    /// <summary>Changes who may do what.</summary>
    Privilege = 64,

    /// <summary>Every effect: the reading of a function that says nothing of itself.</summary>
    All = Read | Write | Delete | Send | Pay | Execute | Privilege,
}
