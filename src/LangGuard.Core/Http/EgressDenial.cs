namespace LangGuard.Http;

/// <summary>Denials that arise below the decision: while connecting or reading. The guard adds the operation.</summary>
internal static class EgressDenial
{
    public static AccessDeniedException Of(Reason reason) => new(Decision.Deny(reason), (string?)null);

    /// <summary>The denial inside what the platform wrapped it into, or null.</summary>
    public static AccessDeniedException? Find(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is AccessDeniedException denial)
            {
                return denial;
            }
        }

        return null;
    }
}
