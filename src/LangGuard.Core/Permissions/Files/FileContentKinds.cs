namespace LangGuard.Permissions;

/// <summary>Kinds of content, told by the first bytes rather than by the name.</summary>
[Flags]
public enum FileContentKinds
{
    /// <summary>Anything that is not one of the others.</summary>
    None = 0,

    /// <summary>Machine or byte code: ELF, PE, Mach-O, WebAssembly, Java classes.</summary>
    Program = 1,

    /// <summary>Text that starts with <c>#!</c>.</summary>
    Script = 2,

    /// <summary>Zip, gzip, bzip2, xz, 7z, rar, zstd and tar.</summary>
    Archive = 4,
}
