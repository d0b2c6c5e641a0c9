using System.Globalization;

namespace LangGuard.Http;

/// <summary>
/// The TCP ports on which this process listens. An agent that reached one of them could approve its own requests.
/// Linux: read from the kernel at each connection to an inside address. Elsewhere: every listening port of the machine.
/// </summary>
internal static class OwnListeners
{
    private const string Listening = "0A";

    public static bool Contains(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return MachineListens(port);
        }

        try
        {
            var sockets = new HashSet<string>(StringComparer.Ordinal);
            Collect("/proc/self/net/tcp", port, sockets);
            Collect("/proc/self/net/tcp6", port, sockets);
            return sockets.Count > 0 && OwnsAny(sockets);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Without the kernel's list nothing tells the application's listeners from others: treat every one as its own.
            return MachineListens(port);
        }
    }

    private static bool MachineListens(int port)
    {
        foreach (var listener in System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners())
        {
            if (listener.Port == port)
            {
                return true;
            }
        }

        return false;
    }

#pragma warning disable RS0030 // Kernel tables about this process, at fixed paths; nothing of an agent is in them.
    private static void Collect(string table, int port, HashSet<string> sockets)
    {
        if (!File.Exists(table))
        {
            return;
        }

        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var line in File.ReadLines(table))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(suffix, StringComparison.Ordinal))
            {
                sockets.Add($"socket:[{fields[9]}]");
            }
        }
    }

    private static bool OwnsAny(HashSet<string> sockets)
    {
        foreach (var descriptor in Directory.EnumerateFiles("/proc/self/fd"))
        {
            try
            {
                if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false) is { } target && sockets.Contains(target.Name))
                {
                    return true;
                }
            }
            catch (IOException)
            {
                // Closed since it was listed.
            }
        }

        return false;
    }
#pragma warning restore RS0030
}
