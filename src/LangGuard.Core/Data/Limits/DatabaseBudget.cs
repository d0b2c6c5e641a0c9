namespace LangGuard.Data;

/// <summary>What one session tree uses of one database. Rows are reserved before a statement runs, so that statements that run
/// at the same time do not use the same rest twice.</summary>
internal sealed class DatabaseBudget
{
    private readonly Lock _lock = new();
    private int _connections;
    private long _statements;
    private long _rows;

    internal bool TryConnect(int limit)
    {
        lock (_lock)
        {
            return _connections < limit && ++_connections > 0;
        }
    }

    internal void Disconnect()
    {
        lock (_lock)
        {
            _connections--;
        }
    }

    internal bool TryCountStatement(long limit)
    {
        lock (_lock)
        {
            return _statements < limit && ++_statements > 0;
        }
    }

    /// <summary>Reserves as many rows as are left, at most those wanted.</summary>
    /// <returns>How many; 0 when none are left.</returns>
    internal int ReserveRows(int wanted, long limit)
    {
        lock (_lock)
        {
            var granted = (int)Math.Clamp(limit - _rows, 0, wanted);
            _rows += granted;
            return granted;
        }
    }

    internal void SettleRows(int reserved, long used)
    {
        lock (_lock)
        {
            _rows -= reserved - Math.Min(reserved, used);
        }
    }
}
