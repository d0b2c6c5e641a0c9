using System.Runtime.InteropServices;

namespace LangGuard.Auditing;

/// <summary>Where a limit of the process on the size of files is met, Unix ends the whole process by default. While this is held a write
/// fails instead, so that operations are denied and the host goes on.</summary>
internal static class FileSizeSignal
{
    /// <summary>SIGXFSZ, the same on Linux and macOS.</summary>
    private const PosixSignal Exceeded = (PosixSignal)25;

    internal static IDisposable? Hold() =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(Exceeded, static context => context.Cancel = true);
}
