namespace LangGuard.Data;

/// <summary>The databases of a policy, by the names that the agent uses.</summary>
internal sealed class DatabaseEngines
{
    private readonly Dictionary<string, DatabaseEngine> _engines = new(StringComparer.Ordinal);

    internal bool TryAdd(string name, DatabaseEngine engine) => _engines.TryAdd(name, engine);

    /// <summary>Puts another engine in the place of one, for a test.</summary>
    /// <returns>The one that was there, or null.</returns>
    internal DatabaseEngine? Replace(string name, DatabaseEngine engine)
    {
        var replaced = Find(name);
        _engines[name] = engine;
        return replaced;
    }

    internal DatabaseEngine? Find(string name) => _engines.GetValueOrDefault(name);
}
