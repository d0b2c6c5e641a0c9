using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>Says where a credential goes and where its secret comes from.</summary>
public sealed class CredentialBuilder
{
    private readonly CredentialOptions _options;
    private readonly CredentialSources _sources;
    private readonly string _name;

    internal CredentialBuilder(string name, CredentialOptions options, CredentialSources sources)
    {
        _name = name;
        _options = options;
        _sources = sources;
    }

    /// <summary>Sends the secret as bearer token. This is the default.</summary>
    public CredentialBuilder Bearer() => As(CredentialKind.Bearer, null);

    /// <summary>Sends the secret as password of basic authentication.</summary>
    public CredentialBuilder Basic(string user) => As(CredentialKind.Basic, user);

    /// <summary>Sends the secret in a header of its own.</summary>
    public CredentialBuilder Header(string name) => As(CredentialKind.Header, name);

    /// <summary>Sends the secret in the query.</summary>
    public CredentialBuilder Query(string key) => As(CredentialKind.Query, key);

    /// <summary>Uses the broker's secret of this key for GET, HEAD and OPTIONS.</summary>
    public CredentialBuilder Read(string key)
    {
        _options.ReadKey = key;
        return this;
    }

    /// <summary>Uses the broker's secret of this key for every other method.</summary>
    public CredentialBuilder Write(string key)
    {
        _options.WriteKey = key;
        return this;
    }

    /// <summary>Uses this secret for GET, HEAD and OPTIONS; asked again for every request.</summary>
    public CredentialBuilder Read(Func<CredentialRequest, CancellationToken, ValueTask<string?>> secret) =>
        Read(_sources.Add($"{_name}:read", secret));

    /// <summary>Uses this secret for every other method; asked again for every request.</summary>
    public CredentialBuilder Write(Func<CredentialRequest, CancellationToken, ValueTask<string?>> secret) =>
        Write(_sources.Add($"{_name}:write", secret));

    private CredentialBuilder As(CredentialKind kind, string? name)
    {
        _options.Kind = kind;
        _options.Name = name;
        return this;
    }
}
