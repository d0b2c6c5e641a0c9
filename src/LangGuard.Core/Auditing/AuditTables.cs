using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>The audit tables that this process writes. A table is written by one chain, so a policy that is built anew
/// goes on with the one that is open.</summary>
internal static class AuditTables
{
    private static readonly Lock Gate = new();

    // The right to write a table is the process's own by nature: it is held by a connection.
    private static readonly Dictionary<string, Shared> Open = new(StringComparer.Ordinal);

    static AuditTables() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => CloseAll();

    internal static AuditTableChain Rent(string place, Func<IAuditTable> table, AuditFileSettings settings)
    {
        lock (Gate)
        {
            if (!Open.TryGetValue(place, out var shared))
            {
#pragma warning disable CA2000 // The chain owns the table and the signer, the signer its key.
                var signer = new AuditSigner(settings.Key?.Invoke() ?? ECDsa.Create(ECCurve.NamedCurves.nistP256));
                shared = new Shared(new AuditTableChain(table(), signer, settings));
#pragma warning restore CA2000
                Open.Add(place, shared);
            }
            else if (settings.Key is { } key)
            {
                using var own = new AuditSigner(key());
                if (!CryptographicOperations.FixedTimeEquals(own.PublicKey, shared.Chain.PublicKey))
                {
                    throw new AuditUnavailableException("The audit table is open with another signing key.");
                }
            }

            shared.Users++;
            return shared.Chain;
        }
    }

    internal static void Return(string place)
    {
        lock (Gate)
        {
            if (Open.TryGetValue(place, out var shared) && --shared.Users == 0)
            {
                Open.Remove(place);
                shared.Chain.Dispose();
            }
        }
    }

    private static void CloseAll()
    {
        lock (Gate)
        {
            foreach (var shared in Open.Values)
            {
                shared.Chain.Dispose();
            }

            Open.Clear();
        }
    }

    private sealed class Shared(AuditTableChain chain)
    {
        internal AuditTableChain Chain => chain;

        internal int Users { get; set; }
    }
}
