using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using ModelContextProtocol.Client;

namespace LangGuard.ModelContextProtocol.Client;

/// <summary>The tools of one connection as they were last listed.</summary>
internal sealed class KnownTools
{
    private static readonly ConditionalWeakTable<McpClient, KnownTools> OfClient = [];
    private volatile FrozenDictionary<string, string> _hashes = FrozenDictionary<string, string>.Empty;

    internal static KnownTools Of(McpClient client) => OfClient.GetOrCreateValue(client);

    internal void Replace(IEnumerable<KeyValuePair<string, string>> hashOfName) =>
        _hashes = hashOfName.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a tool is still what it was when its guard was made.</summary>
    internal bool Has(string name, string hash) =>
        _hashes.TryGetValue(name, out var known) && string.Equals(known, hash, StringComparison.Ordinal);
}
