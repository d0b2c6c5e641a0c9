using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>Goes on behind what is in the table: checks it against its last checkpoint, and says which intents have no
/// outcome.</summary>
internal sealed partial class AuditTableChain
{
    /// <summary>Intents whose outcome may stand this many records later are looked for.</summary>
    private const long Behind = 20_000;

    private const int MaxUnknown = 1000;

    private void Reopen()
    {
        if (_isOpen)
        {
            return;
        }

        var (size, head, tree) = (_tree.Size, _head.ToArray(), _tree);
        _table.Open();
        var before = new MerkleTree(size, tree.Roots);
        var reader = new AuditReader();
        reader.StartAt(Id, size, head);
        var isKnown = size == 0;
        _table.Read(Math.Max(0, size - 1), long.MaxValue, row =>
        {
            if (row.Number == size - 1)
            {
                isKnown = row.Hash.AsSpan().SequenceEqual(head);
            }
            else if (reader.Take(row.Number, row.Hash, row.Record, isFirst: false, static (_, _, _) => { }))
            {
                // What the failed transaction wrote after all: intents of which nothing was done.
                before.Add(row.Hash);
                row.Hash.CopyTo(head, 0);
            }
        });
        if (!isKnown || reader.Problem is not null)
        {
            throw Changed();
        }

        _tree = before;
        head.CopyTo(_head, 0);
        _isOpen = true;
    }

    private static AuditUnavailableException Changed() => new("The audit table was changed by somebody else. Keep it as it is and find out why.");

    private void Recover()
    {
        var last = AuditReader.Checkpoints(_table.Checkpoints()).LastOrDefault(IsWhole);
        var first = Only(0);
        if (first is null)
        {
            if (last is not null)
            {
                throw new AuditUnavailableException("The audit table is shorter than its last checkpoint. Keep it as it is and find out why.");
            }

            Begin();
            return;
        }

        var reader = new AuditReader();
        reader.Take(0, first.Value.Hash, first.Value.Record, isFirst: true, static (_, _, _) => { });
        var from = Math.Max(1, (last?.Size ?? 0) - Behind);
        if (reader.Problem is null && from > 1)
        {
            reader.StartAt(reader.LogId!, from, Only(from - 1)?.Hash ?? new byte[AuditFrame.HashSize]);
        }

        var tree = last is null || last.Size == 1 ? new MerkleTree() : new MerkleTree(last.Size, last.Tree);
        if (tree.Size == 0)
        {
            tree.Add(first.Value.Hash);
        }

        var isSame = last is null || last.Size == 1;
        _table.Read(from, long.MaxValue, row => reader.Take(row.Number, row.Hash, row.Record, isFirst: false, (index, hash, _) =>
        {
            isSame |= index == last?.Size - 1 && hash.SequenceEqual(last!.Head);
            if (index >= tree.Size)
            {
                tree.Add(hash);
            }
        }));
        if (reader.Problem is not null || !isSame || (last is not null && reader.Next < last.Size))
        {
            throw new AuditUnavailableException(
                $"{reader.Problem ?? "The audit table does not match its last checkpoint."} Keep the audit table as it is and find out why.");
        }

        Id = reader.LogId!;
        _tree = tree;
        reader.Head.CopyTo(_head);
        TellUnknown(reader.OpenIntents);
    }

    private void Begin()
    {
        Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var rows = new List<AuditRow>();
        Chain(rows, _head.ToArray(), Event("segment", json =>
        {
            json.WriteString("log"u8, Id);
            json.WriteNumber("segment"u8, 1);
            json.WriteNumber("first"u8, 0);
            json.WriteString("previous"u8, Convert.ToHexStringLower(_head));
        }));
        Append(rows, isDurable: true);
    }

    private void TellUnknown(IReadOnlyCollection<AuditIntent> intents)
    {
        if (intents.Count == 0)
        {
            return;
        }

        var rows = new List<AuditRow>();
        var head = _head.ToArray();
        Chain(rows, head, Event("recovered", json => json.WriteNumber("unknownOutcomes"u8, intents.Count)));
        foreach (var intent in intents.Take(MaxUnknown))
        {
            Chain(rows, head, Event("outcome", json =>
            {
                json.WriteString("session"u8, intent.Session);
                json.WriteNumber("operation"u8, intent.Operation);
                json.WriteString("status"u8, "Unknown"u8);
            }));
        }

        Append(rows, isDurable: true);
    }

    private AuditRow? Only(long number)
    {
        AuditRow? found = null;
        _table.Read(number, 1, row => found = row.Number == number ? row : null);
        return found;
    }

    /// <summary>A torn or forged checkpoint says nothing; the one before it may.</summary>
    private static bool IsWhole(AuditCheckpoint checkpoint)
    {
        try
        {
            return Convert.ToHexStringLower(new MerkleTree(checkpoint.Size, checkpoint.Tree).Root()) == checkpoint.Root;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
