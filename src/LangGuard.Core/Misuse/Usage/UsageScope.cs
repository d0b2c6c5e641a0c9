namespace LangGuard.Misuse;

/// <summary>The totals and open reservations of one scope. The caller locks.</summary>
internal sealed class UsageScope(DateTimeOffset started)
{
    private readonly Dictionary<string, (UsageReservation Reservation, DateTimeOffset Started)> _open = new(StringComparer.Ordinal);
    private DateTimeOffset _started = started;
    private TimeSpan? _period;
    private UsageTotals _used;

    internal UsageTotals Reserve(UsageReservation reservation, DateTimeOffset now)
    {
        Begin(reservation.Period, now);
        foreach (var (id, (lapsed, since)) in _open)
        {
            if (lapsed.Expires <= now)
            {
                _open.Remove(id);
                Charge(0, lapsed.BytesOut, 0, lapsed.Expires - Latest(since));
            }
        }

        _used = _used with { Calls = UsageAmounts.Sum(_used.Calls, 1) };
        _open[reservation.Id] = (reservation, now);
        var totals = _used with { Running = _open.Count };
        foreach (var (open, since) in _open.Values)
        {
            totals = totals with
            {
                ReservedOut = UsageAmounts.Sum(totals.ReservedOut, open.BytesOut),
                Time = UsageAmounts.Sum(totals.Time, now - Latest(since)),
            };
        }

        return totals;
    }

    internal void Settle(UsageReservation reservation, OperationOutcome outcome, DateTimeOffset now)
    {
        Begin(reservation.Period, now);
        if (_open.Remove(reservation.Id, out var open))
        {
            Charge(outcome.BytesIn, outcome.BytesOut, outcome.Rows, now - Latest(open.Started));
        }
        else
        {
            Charge(outcome.BytesIn, outcome.BytesOut - Math.Min(outcome.BytesOut, reservation.BytesOut), outcome.Rows, TimeSpan.Zero);
        }
    }

    /// <summary>Whether nothing would be forgotten with it.</summary>
    internal bool IsOver(DateTimeOffset now) => _open.Count == 0 && _period is { } period && now - _started >= period;

    private void Begin(TimeSpan? period, DateTimeOffset now)
    {
        _period = period;
        if (period is { } length && now - _started >= length)
        {
            _started = now;
            _used = default;
        }
    }

    private void Charge(long bytesIn, long bytesOut, long rows, TimeSpan time) => _used = _used with
    {
        BytesIn = UsageAmounts.Sum(_used.BytesIn, bytesIn),
        BytesOut = UsageAmounts.Sum(_used.BytesOut, bytesOut),
        Rows = UsageAmounts.Sum(_used.Rows, rows),
        Time = UsageAmounts.Sum(_used.Time, time),
    };

    // What ran before the period counts for the one before.
    private DateTimeOffset Latest(DateTimeOffset since) => since > _started ? since : _started;
}
