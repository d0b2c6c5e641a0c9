using System.IO.Abstractions;

namespace LangGuard.Files;

internal sealed record GuardedWaitResult(WatcherChangeTypes ChangeType, string? Name, string? OldName, bool TimedOut)
    : IWaitForChangedResult;
