using System.Runtime.InteropServices;

namespace LangGuard.Conformance;

/// <summary>Exchanges two names in one step of the kernel.</summary>
internal static partial class ExchangedNames
{
    public static bool TryExchange(string first, string second)
    {
        const int currentDirectory = -100;
        const uint exchange = 2;
        return renameat2(currentDirectory, first, currentDirectory, second, exchange) == 0;
    }

#pragma warning disable SA1300, IDE1006 // The name is that of the C library.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int renameat2(int directory, string path, int targetDirectory, string target, uint flags);
#pragma warning restore SA1300, IDE1006
}
