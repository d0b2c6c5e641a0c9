using System.IO.Abstractions;

namespace LangGuard.Files;

internal sealed class GuardedFileVersionInfoFactory(GuardedFileSystem fileSystem, FileActions actions) : IFileVersionInfoFactory
{
    public IFileSystem FileSystem => fileSystem;

    public IFileVersionInfo GetVersionInfo(string fileName) => actions.VersionInfo(fileName);
}
