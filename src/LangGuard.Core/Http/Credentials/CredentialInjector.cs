using System.Net.Http.Headers;
using System.Text;
using LangGuard.Ablation;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Attaches the credential of a grant after the decision, to the message that only the guard holds.</summary>
internal static class CredentialInjector
{
    /// <summary>A broker that does not answer has no secret.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async ValueTask<AttachedCredential> AttachAsync(
        EgressRequest request,
        HttpOperation operation,
        HttpGrant grant,
        PolicyDependencies dependencies,
        CancellationToken cancellationToken)
    {
        // Checked again on the message itself: an intersection of grants has not seen this rule's own check.
        if (grant.Credential is not { } binding || binding.Check(operation) is not null
            || binding.KeyFor(operation.Verb) is not { } key)
        {
            throw EgressDenial.Of(HttpReasons.Credential);
        }

        var asked = new CredentialRequest(
            binding.Name, key, (operation.Verb & HttpVerbs.Read) == 0, operation.Host, operation.Principal);
        if (await GetAsync(asked, dependencies, cancellationToken).ConfigureAwait(false) is not { } secret
            || !IsSound(secret, binding.Kind))
        {
            throw EgressDenial.Of(HttpReasons.Credential);
        }

        return new ScrubbedCredential(
            SecretPatterns.Of(Attach(request, binding, secret)), !dependencies.Off.Has(Wall.CredentialScrub));
    }

    private static async ValueTask<string?> GetAsync(
        CredentialRequest request, PolicyDependencies dependencies, CancellationToken cancellationToken)
    {
        try
        {
            return dependencies.Get<CredentialSources>()?.Get(request.Key) is { } source
                ? await source(request, cancellationToken).AsTask().WaitAsync(Patience, cancellationToken).ConfigureAwait(false)
                : dependencies.Get<ICredentialBroker>() is { } broker
                    ? await broker.GetSecretAsync(request, cancellationToken).AsTask().WaitAsync(Patience, cancellationToken).ConfigureAwait(false)
                    : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The message of a vault may hold what the agent must not see.
            return null;
        }
    }

    private static bool IsSound(string secret, CredentialKind kind) =>
        Encoding.UTF8.GetByteCount(secret) is >= SecretEncodings.MinLength and <= SecretEncodings.MaxLength
        && (kind is CredentialKind.Basic or CredentialKind.Query || (RequestHeaders.IsValue(secret) && secret.Trim() == secret));

    /// <summary>Returns what has to be kept from the agent.</summary>
    private static string[] Attach(EgressRequest request, CredentialBinding binding, string secret)
    {
        // Set first: from here on the header is no part of what is described, recorded or approved.
        request.CredentialHeader = binding.Kind switch
        {
            CredentialKind.Header => binding.Slot,
            CredentialKind.Query => null,
            _ => "Authorization",
        };
        switch (binding.Kind)
        {
            case CredentialKind.Basic:
                var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{binding.Slot}:{secret}"));
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
                return [secret, basic];
            case CredentialKind.Header:
                request.Headers.TryAddWithoutValidation(binding.Slot!, secret);
                return [secret];
            case CredentialKind.Query:
                var url = request.Url.Uri.AbsoluteUri;
                var separator = request.Url.Query.IsEmpty ? '?' : '&';
                request.RequestUri = new Uri($"{url.TrimEnd('?')}{separator}{binding.Slot}={Uri.EscapeDataString(secret)}");
                return [secret];
            default:
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {secret}");
                return [secret];
        }
    }
}
