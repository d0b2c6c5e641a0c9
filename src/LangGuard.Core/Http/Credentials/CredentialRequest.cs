namespace LangGuard.Http;

/// <summary>What a credential broker is asked for.</summary>
public sealed class CredentialRequest
{
    internal CredentialRequest(string credential, string key, bool isWrite, string host, Principal principal)
    {
        Credential = credential;
        Key = key;
        IsWrite = isWrite;
        Host = host;
        Principal = principal;
    }

    /// <summary>The name of the credential in the policy.</summary>
    public string Credential { get; }

    /// <summary>The key under which the broker knows the secret, as the policy states it for reading or writing.</summary>
    public string Key { get; }

    /// <summary>Whether the request can change something: any method but GET, HEAD and OPTIONS.</summary>
    public bool IsWrite { get; }

    /// <summary>The host that will receive the secret, in canonical form.</summary>
    public string Host { get; }

    /// <summary>On whose behalf the request is made.</summary>
    public Principal Principal { get; }
}
