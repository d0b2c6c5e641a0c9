namespace LangGuard.Http;

/// <summary>Carries the session from the handler that a scope made to the guard behind a shared handler chain.</summary>
internal static class SessionBinding
{
    private static readonly HttpRequestOptionsKey<GuardSession> Key = new("LangGuard.Session");

    public static GuardSession? Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var session) ? session : null;

    public static void Bind(HttpRequestMessage request, GuardSession session) => request.Options.Set(Key, session);
}
