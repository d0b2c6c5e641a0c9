namespace LangGuard.Auditing;

/// <summary>Keeps the audit records of one policy in the table of a database.</summary>
internal sealed class AuditTableSink : IAuditSink, IAuditPlace, IDisposable
{
    private readonly string _place;
    private readonly AuditTableChain? _chain;
    private readonly AuditMode _mode;
    private readonly Effects _durableFor;
    private readonly DenialCoalescer _denials;
    private int _closed;

    internal AuditTableSink(string place, Func<IAuditTable> table, AuditOptions options, AuditFileSettings settings)
    {
        _place = place;
        _mode = options.Mode;
        _durableFor = options.DurableFor;
        _denials = new DenialCoalescer(settings.TimeProvider);
        _chain = AuditTables.Rent(place, table, settings);
    }

    /// <summary>Closes the table if nobody did.</summary>
    ~AuditTableSink() => Close();

    internal ReadOnlyMemory<byte> PublicKey => _chain!.PublicKey;

    object IAuditPlace.Place => _chain!;

    AuditDemands IAuditPlace.Demands => new(_mode, _durableFor);

    public void Write(in AuditRecord record)
    {
        if (Append(record) is not { } done)
        {
            return;
        }

        if (Task.WaitAny([done], AuditTableChain.Patience) < 0)
        {
            throw new AuditUnavailableException("The audit table does not answer.");
        }

        done.GetAwaiter().GetResult();
    }

    public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken) =>
        Append(record) is { } done ? new ValueTask(done.WaitAsync(cancellationToken)) : ValueTask.CompletedTask;

    internal Task CheckpointAsync()
    {
        WriteSummaries(_denials.TakeAll());
        return _chain!.CheckpointAsync();
    }

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private void Close()
    {
        if (_chain is null || Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        try
        {
            WriteSummaries(_denials.TakeAll());
        }
        catch (IOException)
        {
            // Nothing more can be said there.
        }

        AuditTables.Return(_place);
    }

    /// <summary>A task when the caller has to wait for the table.</summary>
    private Task? Append(in AuditRecord record)
    {
        ObjectDisposedException.ThrowIf(_closed != 0, this);
        if (record.Phase == AuditPhase.Decision && record.Decision.Kind != DecisionKind.Allow)
        {
            var isRepeat = _denials.IsRepeat(record, out var due);
            WriteSummaries(due);
            if (isRepeat)
            {
                return null;
            }
        }

        var entry = _chain!.Entries.Rent();
        try
        {
            AuditRecordWriter.Write(entry, record);
            if (record.Phase != AuditPhase.Decision || record.Decision.Kind != DecisionKind.Allow)
            {
                _ = _chain.Add(entry, record.Phase == AuditPhase.Outcome ? AuditTableRecord.Outcome : AuditTableRecord.Notice, isDurable: false);
                return null;
            }

            var isDurable = _mode == AuditMode.Durable || record.ApprovalId is not null
                || (record.Operation.Effects & _durableFor) != 0;
            if (isDurable || _mode != AuditMode.UnguardedBestEffort)
            {
                return _chain.Add(entry, AuditTableRecord.Intent, isDurable);
            }

            WriteUnguarded(entry);
            return null;
        }
        finally
        {
            _chain.Entries.Return(entry);
        }
    }

    private void WriteUnguarded(AuditEntry entry)
    {
        try
        {
            _ = _chain!.Add(entry, AuditTableRecord.Notice, isDurable: false);
        }
        catch (IOException)
        {
            // The host chose that operations run unrecorded rather than not at all.
        }
    }

    private void WriteSummaries(IReadOnlyList<DenialSummary> summaries)
    {
        foreach (var summary in summaries)
        {
            var entry = _chain!.Entries.Rent();
            try
            {
                AuditRecordWriter.Write(entry, summary.Last, summary.Count);
                _ = _chain.Add(entry, AuditTableRecord.Notice, isDurable: false);
            }
            finally
            {
                _chain.Entries.Return(entry);
            }
        }
    }
}
