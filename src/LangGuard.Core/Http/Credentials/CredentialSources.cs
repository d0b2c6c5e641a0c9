namespace LangGuard.Http;

/// <summary>The delegates that a policy in code states for single secrets. Kept out of the options, which hold data only.</summary>
internal sealed class CredentialSources
{
    private readonly Dictionary<string, Func<CredentialRequest, CancellationToken, ValueTask<string?>>> _sources =
        new(StringComparer.Ordinal);

    public string Add(string key, Func<CredentialRequest, CancellationToken, ValueTask<string?>> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _sources[key] = source;
        return key;
    }

    public bool Contains(string key) => _sources.ContainsKey(key);

    public Func<CredentialRequest, CancellationToken, ValueTask<string?>>? Get(string key) => _sources.GetValueOrDefault(key);
}
