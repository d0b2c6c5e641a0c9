namespace LangGuard.Permissions;

/// <summary>Says which verbs an agent has in one directory.</summary>
public sealed class FileRootBuilder
{
    internal FileRootBuilder(FileRootOptions options) => Options = options;

    internal FileRootOptions Options { get; }
}
