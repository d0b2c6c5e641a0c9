namespace LangGuard.Files;

internal enum FileTime : byte
{
    Creation = 0,
    Access,
    Write,
}
