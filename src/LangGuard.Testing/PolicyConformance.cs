using LangGuard.Testing.Conformance;

namespace LangGuard.Testing;

/// <summary>Runs the attacks and the benign cases of the corpora against a policy of your own, through the real guards.</summary>
/// <remarks>
/// Each case builds the policy anew, so <c>policy</c> must be repeatable: the method that a host gives to
/// <see cref="Policy.Create"/>. The audit, the journal and the proxy of the policy are left out; everything else counts.
/// </remarks>
public static class PolicyConformance
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
}
