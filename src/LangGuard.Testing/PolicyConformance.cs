using LangGuard.Testing.Conformance;

namespace LangGuard.Testing;

/// <summary>Runs the attacks and the benign cases of the corpora against a policy of your own, through the real guards.</summary>
/// <remarks>
/// Each case builds the policy anew, so <c>policy</c> must be repeatable: the method that a host gives to
/// <see cref="Policy.Create"/>. The audit, the journal and the proxy of the policy are left out; everything else counts.
/// </remarks>
public static partial class PolicyConformance
{
    /// <summary>Attacks a root: names, links, pipes and secrets in a temporary folder that stands in for the directory of the
    /// policy. Nothing outside may be read or changed; what the policy grants must work as it does without a guard.</summary>
    /// <param name="policy">What the host says to the builder.</param>
    /// <param name="root">The name of the root in the policy. Its other roots are left out.</param>
    /// <param name="folder">A folder beneath the root, such as <c>drafts</c>, where the policy grants the most; empty for the
    /// root itself.</param>
    /// <param name="cancellationToken">Stops between two cases.</param>
    /// <exception cref="ArgumentException">The policy has no such root.</exception>
    /// <exception cref="PolicyValidationException">The policy has errors.</exception>
    public static async Task<ConformanceReport> FilesAsync(
        Action<PolicyBuilder> policy, string root, string folder = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentNullException.ThrowIfNull(folder);
        var tested = new FilesUnderTest(policy, root);
        var corpus = new FilesCorpus(tested.Build) { WhyNot = tested.WhyNot, MayAsk = true };
        var results = new List<ConformanceResult>();
        foreach (var test in Corpora.Lines("filesystem.jsonl").Select(FilesCase.Parse))
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(await corpus.RunAsync(test.Within(folder)).ConfigureAwait(false));
        }

        return new ConformanceReport($"Files '{root}'", results);
    }

    /// <summary>Attacks the requests: addresses in disguise, names that resolve inside, ambiguous URLs, redirects, headers. They
    /// go to a server on loopback that stands in for the internet. Nothing may reach it but what the policy grants,
    /// however a careless server reads the request, and no address that is not public.</summary>
    /// <param name="policy">What the host says to the builder.</param>
    /// <param name="url">A URL that the policy grants for GET, such as <c>https://api.contoso.test/v1/orders/7</c>: the attacks
    /// start from it.</param>
    /// <param name="cancellationToken">Stops between two cases.</param>
    /// <exception cref="ArgumentException">The policy does not grant it.</exception>
    /// <exception cref="PolicyValidationException">The policy has errors.</exception>
    public static async Task<ConformanceReport> HttpAsync(
        Action<PolicyBuilder> policy, Uri url, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(url);
        var tested = new HttpUnderTest(policy, url);
        using var corpus = new HttpCorpus(tested.Build) { Tested = tested };
        var results = new List<ConformanceResult>();
        foreach (var test in Corpora.Lines("http.jsonl").Select(HttpCase.Parse))
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(await corpus.RunAsync(tested.Against(test)).ConfigureAwait(false));
        }

        return new ConformanceReport($"HTTP '{url}'", results);
    }
}
