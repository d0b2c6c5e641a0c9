namespace LangGuard.Misuse;

/// <summary>Which reservation belongs to which operation that runs. As many as operations of the session tree run.</summary>
internal sealed class OpenReservations
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Operation, List<UsageReservation?>> _open = new(ReferenceEqualityComparer.Instance);

    /// <summary>Keeps a reservation; null for one that the store refused.</summary>
    internal void Add(Operation operation, UsageReservation? reservation)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(operation, out var all))
            {
                _open.Add(operation, all = []);
            }

            all.Add(reservation);
        }
    }

    /// <summary>Takes one of the operation. One that was denied takes what the store refused, if there is such a thing.</summary>
    internal UsageReservation? Take(Operation operation, bool denied)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(operation, out var all))
            {
                return null;
            }

            var index = Math.Max(0, denied ? all.FindIndex(one => one is null) : all.FindIndex(one => one is not null));
            var taken = all[index];
            all.RemoveAt(index);
            if (all.Count == 0)
            {
                _open.Remove(operation);
            }

            return taken;
        }
    }
}
