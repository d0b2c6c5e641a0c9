namespace LangGuard.Sandbox;

/// <summary>A directory of the host that a sandbox shows.</summary>
/// <param name="Path">Its absolute path, the same inside.</param>
/// <param name="IsReadOnly">Whether nothing can be changed beneath it.</param>
/// <param name="Purpose">What needs it: a root, a database, the audit or the journal.</param>
internal sealed record SandboxMount(string Path, bool IsReadOnly, string Purpose);
