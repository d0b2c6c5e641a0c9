namespace LangGuard.Data;

/// <summary>The databases of a policy, by the names that the agent uses.</summary>
internal sealed class DatabaseEngines
{
    private readonly Dictionary<string, DatabaseEngine> _engines = new(StringComparer.Ordinal);

    internal bool TryAdd(string name, DatabaseEngine engine) => _engines.TryAdd(name, engine);

    internal DatabaseEngine? Find(string name) => _engines.GetValueOrDefault(name);
}
