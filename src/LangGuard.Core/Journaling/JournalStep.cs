namespace LangGuard.Journaling;

/// <summary>What a record says.</summary>
internal enum JournalStep : byte
{
    /// <summary>A change is about to be made.</summary>
    Begin = 1,

    /// <summary>A new file has its inode; its content is about to be written.</summary>
    Created,

    /// <summary>The change has ended.</summary>
    End,

    /// <summary>The change is about to be undone.</summary>
    UndoBegin,

    /// <summary>The change has been undone.</summary>
    Undone,

    /// <summary>What it replaced is not kept any more.</summary>
    Final,
}
