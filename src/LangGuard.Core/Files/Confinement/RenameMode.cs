namespace LangGuard.Files;

internal enum RenameMode : byte
{
    /// <summary>Fails when the target exists.</summary>
    KeepTarget = 0,
    ReplaceTarget = 1,
    Exchange = 2,
}
