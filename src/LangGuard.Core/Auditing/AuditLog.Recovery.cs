using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Auditing;

/// <summary>What is done when an audit file is opened: check its end, cut a torn record, say which intents have no
/// outcome. A file that was changed is never written on.</summary>
internal sealed partial class AuditLog
{
    /// <summary>How many intents without outcome are named one by one.</summary>
    private const int MaxUnknown = 1000;

    /// <summary>The record that begins a segment is shorter.</summary>
    private const int LongestHeader = 512;

    private (SafeFileHandle Segment, MerkleTree Tree, string Id) Recover()
    {
        var segments = _folder.Segments();
        var kept = AuditFolder.CheckpointsOf(_folder.Path);
        var last = LastCheckpoint(kept);
        if (segments.Length == 0)
        {
            // A new chain would hide that there was another one.
            return kept.Length == 0
                ? Begin(torn: 0)
                : throw new AuditUnavailableException("The audit file is gone, its checkpoints are not. Keep the folder as it is and find out why.");
        }

        if (kept.Length == 0 && segments is [var only] && only == _folder.SegmentPath(1) && Beginning(only) is { } begun)
        {
            return Begin(begun);
        }

        var reader = new AuditReader();
        var from = Start(segments, last);
        var tree = new MerkleTree();
        reader.Read(segments.AsSpan(from), (index, hash, payload) =>
        {
            if (last is not null && index == last.Size - 1)
            {
                if (!hash.SequenceEqual(last.Head))
                {
                    throw new AuditUnavailableException("The audit file does not match its last checkpoint. Keep it as it is and find out why.");
                }

                tree = new MerkleTree(last.Size, last.Tree);
            }
            else if (index >= (last?.Size ?? 0))
            {
                tree.Add(hash);
            }
        });
        if (reader.Problem is not null)
        {
            throw new AuditUnavailableException($"{reader.Problem} Keep the audit file as it is and find out why.");
        }

        if (last is not null && reader.Next < last.Size)
        {
            throw new AuditUnavailableException("The audit file is shorter than its last checkpoint. Keep it as it is and find out why.");
        }

        if (reader.IsEmpty)
        {
            throw new AuditUnavailableException("The audit file has no beginning. Keep it as it is and find out why.");
        }

        return Continue(segments, reader, tree);
    }

    /// <param name="torn">How much a process left that ended while it wrote the very first record.</param>
    private (SafeFileHandle Segment, MerkleTree Tree, string Id) Begin(int torn)
    {
        Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _segmentNumber = 1;
        _segmentPath = _folder.SegmentPath(_segmentNumber);
        _segment = _folder.Segments().Length > 0 ? AuditFolder.OpenSegment(_segmentPath) : _folder.CreateSegment(_segmentNumber);
        _readBack.StartAt(_segmentNumber, 0);
        if (torn > 0)
        {
            RandomAccess.SetLength(_segment, 0);
        }

        AddSegmentHeader();
        if (torn > 0)
        {
            AddEvent(json => json.WriteNumber("tornBytes"u8, torn), "recovered");
        }

        WritePending();
        return (_segment, new MerkleTree(), Id);
    }

    /// <summary>How much of the very first record was written: less than all of it, and nothing behind it. Null when there is more. As with
    /// a folder that was emptied, only what was kept elsewhere tells this from a file that was cut so short.</summary>
    private static int? Beginning(string segment)
    {
        var data = AuditFolder.Read(segment);
        var length = data.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        return length < LongestHeader && !AuditFrame.TryRead(data, out _, out _, out _) ? length : null;
    }

    private (SafeFileHandle Segment, MerkleTree Tree, string Id) Continue(string[] segments, AuditReader reader, MerkleTree tree)
    {
        Id = reader.LogId!;
        _segmentNumber = reader.LastSegment;
        _segmentPath = segments[^1];
        _segment = AuditFolder.OpenSegment(_segmentPath);
        _offset = reader.EndOfLast;
        _next = _written = reader.Next;
        reader.Head.CopyTo(_head);
        reader.Head.CopyTo(_writtenHead);
        if (reader.TornBytes > 0)
        {
            RandomAccess.SetLength(_segment, _offset);
        }

        if (_offset == 0)
        {
            // The process ended before the segment had its header.
            _segmentNumber++;
            AddSegmentHeader();
            WritePending();
        }

        _readBack.StartAt(_segmentNumber, reader.EndOfLast > 0 ? reader.StartOfLast : 0);
        var unknown = reader.OpenIntents;
        if (reader.TornBytes > 0 || unknown.Count > 0)
        {
            AddEvent(
                json =>
                {
                    json.WriteNumber("tornBytes"u8, reader.TornBytes);
                    json.WriteNumber("unknownOutcomes"u8, unknown.Count);
                },
                "recovered");
            foreach (var intent in unknown.Take(MaxUnknown))
            {
                AddEvent(json => WriteUnknown(json, intent), "outcome");
            }

            WritePending();
        }

        return (_segment, tree, Id);
    }

    private static void WriteUnknown(Utf8JsonWriter json, AuditIntent intent)
    {
        json.WriteString("session"u8, intent.Session);
        json.WriteNumber("operation"u8, intent.Operation);
        json.WriteString("status"u8, "Unknown"u8);
    }

    private static AuditCheckpoint? LastCheckpoint(string text)
    {
        var all = AuditReader.Checkpoints(text);
        for (var i = all.Count - 1; i >= 0; i--)
        {
            try
            {
                if (Convert.ToHexStringLower(new MerkleTree(all[i].Size, all[i].Tree).Root()) == all[i].Root)
                {
                    return all[i];
                }
            }
            catch (InvalidDataException)
            {
                // A torn checkpoint; the one before it says enough.
            }
        }

        return null;
    }

    /// <summary>The segment to read from: the last but one, so that intents near a segment's end find their outcome,
    /// or earlier when the last checkpoint is.</summary>
    private static int Start(string[] segments, AuditCheckpoint? last)
    {
        if (last is null)
        {
            return 0;
        }

        for (var i = segments.Length - 2; i > 0; i--)
        {
            if (AuditReader.FirstIndex(segments[i]) is { } first && first < last.Size)
            {
                return i;
            }
        }

        return 0;
    }
}
