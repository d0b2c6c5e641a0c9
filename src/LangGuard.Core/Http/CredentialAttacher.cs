using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Attaches the credential of a rule after the decision, to the message that only the guard holds.</summary>
internal abstract class CredentialAttacher
{
    /// <summary>Attaches, or throws a denial: also when the agent itself filled the credential's slot.</summary>
    public abstract ValueTask<AttachedCredential> AttachAsync(
        EgressRequest request, HttpOperation operation, HttpGrant grant, CancellationToken cancellationToken);
}
