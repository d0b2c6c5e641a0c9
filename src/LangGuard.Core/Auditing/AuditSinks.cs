namespace LangGuard.Auditing;

/// <summary>The sinks of policies that are in force together: each place once, by the stricter of those that name it.</summary>
internal static class AuditSinks
{
    internal static IAuditSink[] Of(PolicyDependencies own, IEnumerable<PolicyDependencies> others)
    {
        var sinks = new List<IAuditSink>(own.AuditSinks);
        foreach (var sink in others.SelectMany(other => other.AuditSinks).Where(sink => !sinks.Contains(sink)))
        {
            var same = sink is IAuditPlace place
                ? sinks.FindIndex(known => known is IAuditPlace other && ReferenceEquals(other.Place, place.Place))
                : -1;
            if (same < 0)
            {
                sinks.Add(sink);
            }
            else if (!((IAuditPlace)sinks[same]).Demands.Cover(((IAuditPlace)sink).Demands))
            {
                // Where neither covers the other, both write: a record stands twice rather than too late.
                if (((IAuditPlace)sink).Demands.Cover(((IAuditPlace)sinks[same]).Demands))
                {
                    sinks[same] = sink;
                }
                else
                {
                    sinks.Add(sink);
                }
            }
        }

        return [.. sinks];
    }
}
