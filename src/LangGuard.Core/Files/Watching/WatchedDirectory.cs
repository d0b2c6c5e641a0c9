namespace LangGuard.Files;

/// <summary>A directory that is watched: by the host's name, but only while that is still the directory that was granted.</summary>
internal sealed record WatchedDirectory(FileRoot Root, string Name, string HostPath, FileIdentity Identity, int EventsPerSecond);
