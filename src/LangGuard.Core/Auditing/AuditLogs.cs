using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>The audit files that this process has open. A file is written by one chain, so a policy that is built anew,
/// and a second agent that names the same folder, go on with the one that is open.</summary>
internal static class AuditLogs
{
    private static readonly Lock Gate = new();

    // The folders of a process are its own by nature: the lock on them is held by the process, not by an object.
    private static readonly Dictionary<string, Shared> Open = new(StringComparer.Ordinal);

    static AuditLogs() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => CloseAll();

    internal static AuditLog Rent(string folder, AuditFileSettings settings)
    {
        lock (Gate)
        {
            if (Open.TryGetValue(folder, out var shared))
            {
                if (settings.Key is { } key)
                {
                    using var signer = new AuditSigner(key());
                    if (!CryptographicOperations.FixedTimeEquals(signer.PublicKey, shared.Log.PublicKey))
                    {
                        throw new AuditUnavailableException("The audit folder is open with another signing key.");
                    }
                }

                shared.Users++;
                return shared.Log;
            }

            var log = AuditLog.Open(folder, settings);
            Open.Add(folder, new Shared(log) { Users = 1 });
            return log;
        }
    }

    internal static void Return(string folder)
    {
        lock (Gate)
        {
            if (Open.TryGetValue(folder, out var shared) && --shared.Users == 0)
            {
                Open.Remove(folder);
                shared.Log.Dispose();
            }
        }
    }

    private static void CloseAll()
    {
        lock (Gate)
        {
            foreach (var shared in Open.Values)
            {
                shared.Log.Dispose();
            }

            Open.Clear();
        }
    }

    private sealed class Shared(AuditLog log)
    {
        internal AuditLog Log => log;

        internal int Users { get; set; }
    }
}
