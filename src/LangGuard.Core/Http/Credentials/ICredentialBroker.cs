namespace LangGuard.Http;

/// <summary>Hands out the secrets that the guard attaches to requests after the decision. The agent never sees them and can
/// not name them: which secret goes where is said by the policy.</summary>
public interface ICredentialBroker
{
    /// <summary>The secret for one request, or null when there is none; then the request is denied. Called again for every
    /// request, so that a secret can be rotated.</summary>
    /// <param name="request">What the policy asks for.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    ValueTask<string?> GetSecretAsync(CredentialRequest request, CancellationToken cancellationToken);
}
