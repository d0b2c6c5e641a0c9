using System.Text.Json;

namespace LangGuard.Auditing;

/// <summary>Reads an audit file from the outside: frame by frame, checking the chain on the way.</summary>
internal sealed class AuditReader
{
    /// <summary>Records of many threads, and summaries of denials, are written a little after their time.</summary>
    private static readonly TimeSpan TimeTolerance = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string, long), AuditIntent> _open = [];
    private readonly byte[] _head = new byte[AuditFrame.HashSize];
    private readonly byte[] _chained = new byte[AuditFrame.ChainSize + AuditFrame.MaxPayload];
    private DateTimeOffset _time;

    internal delegate void Visit(long index, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> payload);

    /// <summary>What is wrong, other than a torn end. Reading stopped there.</summary>
    internal string? Problem { get; private set; }

    internal AuditFindingKind ProblemKind { get; private set; }

    internal string? LogId { get; private set; }

    internal int LastSegment { get; private set; }

    internal long Next { get; private set; }

    internal bool IsEmpty { get; private set; } = true;

    internal ReadOnlySpan<byte> Head => _head;

    internal long EndOfLast { get; private set; }

    /// <summary>Where the last record of the last segment begins.</summary>
    internal long StartOfLast { get; private set; }

    internal long TornBytes { get; private set; }

    /// <summary>How often the time of a record is before that of the one before it.</summary>
    internal int TimesBackwards { get; private set; }

    internal IReadOnlyCollection<AuditIntent> OpenIntents => _open.Values;

    /// <summary>Goes on behind a record that is known.</summary>
    /// <param name="logId">The id of the audit.</param>
    /// <param name="next">The number of the next record.</param>
    /// <param name="head">The hash of the record before it.</param>
    internal void StartAt(string logId, long next, ReadOnlySpan<byte> head)
    {
        LogId = logId;
        Next = next;
        head.CopyTo(_head);
        IsEmpty = false;
    }

    internal void Read(ReadOnlySpan<string> segments, Visit visit)
    {
        for (var i = 0; i < segments.Length && Problem is null; i++)
        {
            ReadSegment(AuditFolder.Read(segments[i]), isLast: i == segments.Length - 1, visit);
        }
    }

    internal static IReadOnlyList<AuditCheckpoint> Checkpoints(string text)
    {
        var checkpoints = new List<AuditCheckpoint>();
        foreach (var part in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                checkpoints.Add(AuditCheckpoint.Parse(part));
            }
            catch (Exception failure) when (failure is FormatException or OverflowException)
            {
                // A torn or forged checkpoint proves nothing; the ones that do remain.
            }
        }

        return checkpoints;
    }

    internal static long? FirstIndex(string segment) =>
        AuditFrame.TryRead(AuditFolder.Read(segment), out var index, out _, out _) ? index : null;

    private void ReadSegment(byte[] data, bool isLast, Visit visit)
    {
        var at = 0;
        var isFirst = true;
        StartOfLast = 0;
        while (at < data.Length)
        {
            var rest = data.AsSpan(at);
            if (!AuditFrame.TryRead(rest, out var index, out var hash, out var payload))
            {
                var isBlank = !rest.ContainsAnyExcept((byte)0);
                if (!isLast && !isBlank)
                {
                    Fail(AuditFindingKind.Edited, $"Record {Next} is damaged.");
                }

                TornBytes = isLast && !isBlank ? rest.Length : 0;
                break;
            }

            if (!Take(index, hash, payload, isFirst, visit))
            {
                return;
            }

            isFirst = false;
            StartOfLast = at;
            at += AuditFrame.HeaderSize + payload.Length;
        }

        EndOfLast = at;
    }

    /// <summary>Checks the next record and follows it. False when something is wrong.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="payload">Its text.</param>
    /// <param name="isFirst">Whether it must be the header of a segment.</param>
    /// <param name="visit">Sees what is sound.</param>
    internal bool Take(long index, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> payload, bool isFirst, Visit visit)
    {
        if ((IsEmpty || isFirst) && !ReadHeader(payload, index))
        {
            return false;
        }

        if (index != Next)
        {
            Fail(AuditFindingKind.Reordered, $"Record {Next} is missing or moved: {index} stands in its place.");
            return false;
        }

        if (payload.Length > AuditFrame.MaxPayload || hash.Length != AuditFrame.HashSize || !IsChained(index, hash, payload))
        {
            Fail(AuditFindingKind.Edited, $"Record {index} was changed.");
            return false;
        }

        visit(index, hash, payload);
        Follow(payload);
        hash.CopyTo(_head);
        Next++;
        IsEmpty = false;
        return true;
    }

    private bool IsChained(long index, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> payload)
    {
        var chained = _chained.AsSpan(0, AuditFrame.ChainSize + payload.Length);
        payload.CopyTo(chained[AuditFrame.ChainSize..]);
        Span<byte> expected = stackalloc byte[AuditFrame.HashSize];
        AuditFrame.Hash(chained, index, _head, expected);
        return expected.SequenceEqual(hash);
    }

    /// <summary>The first record of a segment says where it belongs.</summary>
    private bool ReadHeader(ReadOnlySpan<byte> payload, long index)
    {
        try
        {
            using var header = JsonDocument.Parse(payload.ToArray());
            var root = header.RootElement;
            if (root.GetProperty("phase").GetString() != "segment" || root.GetProperty("first").GetInt64() != index)
            {
                throw new InvalidDataException();
            }

            var log = root.GetProperty("log").GetString();
            var previous = Convert.FromHexString(root.GetProperty("previous").GetString()!);
            var number = root.GetProperty("segment").GetInt32();
            if (IsEmpty)
            {
                LogId = log;
                Next = index;
                previous.CopyTo(_head, 0);
            }
            else if (log != LogId || number != LastSegment + 1 || !previous.AsSpan().SequenceEqual(_head))
            {
                Fail(AuditFindingKind.Reordered, $"Segment {number} does not follow the one before it.");
                return false;
            }

            LastSegment = number;
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Fail(AuditFindingKind.Edited, "A segment does not begin with its header.");
            return false;
        }
    }

    /// <summary>Keeps the intents that have no outcome yet, and looks at the clock.</summary>
    private void Follow(ReadOnlySpan<byte> payload)
    {
        try
        {
            using var record = JsonDocument.Parse(payload.ToArray());
            var root = record.RootElement;
            var time = root.GetProperty("time").GetDateTimeOffset();
            TimesBackwards += _time - time > TimeTolerance ? 1 : 0;
            _time = time;
            var phase = root.GetProperty("phase").GetString();
            if (phase is not ("decision" or "outcome") || !root.TryGetProperty("session", out var session))
            {
                return;
            }

            var key = (session.GetString()!, root.GetProperty("operation").GetInt64());
            if (phase == "outcome")
            {
                _open.Remove(key);
            }
            else if (root.GetProperty("decision").GetString() == nameof(DecisionKind.Allow))
            {
                var resource = root.GetProperty("resource");
                var text = resource.ValueKind == JsonValueKind.String ? resource : resource.GetProperty("start");
                _open[key] = new AuditIntent(key.Item1, key.Item2, text.GetString()!);
            }
            else
            {
                // Another sink could not record it: it was denied after all.
                _open.Remove(key);
            }
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            Fail(AuditFindingKind.Edited, $"Record {Next} is not a record.");
        }
    }

    internal void Fail(AuditFindingKind kind, string problem)
    {
        if (Problem is null)
        {
            Problem = problem;
            ProblemKind = kind;
        }
    }
}
