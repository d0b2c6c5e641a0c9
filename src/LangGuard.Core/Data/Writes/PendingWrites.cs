using System.Buffers.Text;
using System.Security.Cryptography;

namespace LangGuard.Data;

/// <summary>The previewed changes of a session tree, by token. Bounded: the oldest go first.</summary>
internal sealed class PendingWrites
{
    private const int Most = 64;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PendingWrite> _writes = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    internal static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    internal void Add(PendingWrite write)
    {
        lock (_lock)
        {
            _writes.Add(write.Token, write);
            _order.Enqueue(write.Token);
            while (_order.Count > Most)
            {
                _writes.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>Takes a change for one commit. Whoever else has the token gets nothing meanwhile.</summary>
    internal PendingWrite? Take(string token, string owner, string database, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_writes.TryGetValue(token, out var write) || write.IsTaken
                || !string.Equals(write.Owner, owner, StringComparison.Ordinal)
                || !string.Equals(write.Database, database, StringComparison.Ordinal))
            {
                return null;
            }

            if (write.ExpiresAt <= now)
            {
                _writes.Remove(token);
                return null;
            }

            write.IsTaken = true;
            return write;
        }
    }

    /// <summary>Puts back a change of which nothing has run.</summary>
    internal void PutBack(PendingWrite write)
    {
        lock (_lock)
        {
            write.IsTaken = false;
        }
    }

    /// <summary>Uses a token up.</summary>
    internal void Use(PendingWrite write)
    {
        lock (_lock)
        {
            _writes.Remove(write.Token);
        }
    }
}
