using System.Diagnostics;
using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>A snapshot of the version resource of one file, under the agent's name for it.</summary>
internal sealed class GuardedFileVersionInfo(FileVersionInfo snapshot, string fileName) : IFileVersionInfo
{
    public string FileName => fileName;

    public string? Comments => snapshot.Comments;

    public string? CompanyName => snapshot.CompanyName;

    public int FileBuildPart => snapshot.FileBuildPart;

    public string? FileDescription => snapshot.FileDescription;

    public int FileMajorPart => snapshot.FileMajorPart;

    public int FileMinorPart => snapshot.FileMinorPart;

    public int FilePrivatePart => snapshot.FilePrivatePart;

    public string? FileVersion => snapshot.FileVersion;

    public string? InternalName => snapshot.InternalName;

    public bool IsDebug => snapshot.IsDebug;

    public bool IsPatched => snapshot.IsPatched;

    public bool IsPreRelease => snapshot.IsPreRelease;

    public bool IsPrivateBuild => snapshot.IsPrivateBuild;

    public bool IsSpecialBuild => snapshot.IsSpecialBuild;

    public string? Language => snapshot.Language;

    public string? LegalCopyright => snapshot.LegalCopyright;

    public string? LegalTrademarks => snapshot.LegalTrademarks;

    public string? OriginalFilename => snapshot.OriginalFilename;

    public string? PrivateBuild => snapshot.PrivateBuild;

    public int ProductBuildPart => snapshot.ProductBuildPart;

    public int ProductMajorPart => snapshot.ProductMajorPart;

    public int ProductMinorPart => snapshot.ProductMinorPart;

    public string? ProductName => snapshot.ProductName;

    public int ProductPrivatePart => snapshot.ProductPrivatePart;

    public string? ProductVersion => snapshot.ProductVersion;

    public string? SpecialBuild => snapshot.SpecialBuild;

    public override string ToString() => $"File: {fileName}{Environment.NewLine}FileVersion: {FileVersion}";
}
