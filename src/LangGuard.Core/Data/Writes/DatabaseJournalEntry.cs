namespace LangGuard.Data;

/// <summary>One change with the rows that it touched, as they were before and as it left them.</summary>
internal sealed class DatabaseJournalEntry
{
    internal long Number { get; set; }

    internal required DatabaseChangeKind Kind { get; init; }

    internal required RowReader Rows { get; init; }

    internal required RowImages Before { get; init; }

    internal required RowImages After { get; init; }

    internal required DateTimeOffset Time { get; init; }

    internal ChangeState State { get; set; }

    /// <summary>About what the entry takes in memory: small rows are not free.</summary>
    internal long Bytes => Before.Bytes + After.Bytes + 256 + (64L * (Before.Count + After.Count));

    internal int Count => Keys.Count();

    /// <summary>The keys of all rows, those that are gone and those that are new.</summary>
    internal IEnumerable<object?[]> Keys => Before.All.Select(row => row.Key)
        .Concat(After.All.Where(row => Before.Find(row.Key) is null).Select(row => row.Key));

    internal DatabaseChange ToChange() => new(Number, Kind, Rows.Table.Name, Count, Time, State);
}
