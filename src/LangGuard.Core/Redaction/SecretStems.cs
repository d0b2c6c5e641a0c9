namespace LangGuard.Redaction;

/// <summary>What a search has to look for so that it meets every one of many beginnings: those that begin alike share one. A search for
/// more than about eighty strings looks at one character after the other, so that this keeps it fast.</summary>
internal static class SecretStems
{
    private const int Shortest = 3;

    internal static string[] Of(IEnumerable<string> beginnings) =>
        [.. beginnings.GroupBy(beginning => beginning[..Shortest], StringComparer.Ordinal).SelectMany(Shared)];

    private static IEnumerable<string> Shared(IGrouping<string, string> alike)
    {
        // Lines of dashes are ordinary, and every dash would be met.
        if (alike.Key == "---")
        {
            return alike;
        }

        var shared = alike.First();
        foreach (var other in alike)
        {
            shared = shared[..shared.AsSpan().CommonPrefixLength(other)];
        }

        return [shared];
    }
}
