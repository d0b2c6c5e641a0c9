using Microsoft.Extensions.Configuration;

namespace LangGuard.Http;

/// <summary>Reads secrets from the host's configuration: the key of a credential is a configuration key.</summary>
internal sealed class ConfigurationCredentialBroker(IConfiguration configuration) : ICredentialBroker
{
    public ValueTask<string?> GetSecretAsync(CredentialRequest request, CancellationToken cancellationToken)
    {
        var value = configuration[request.Key];
        return ValueTask.FromResult(string.IsNullOrWhiteSpace(value) ? null : value);
    }
}
