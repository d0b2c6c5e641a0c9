using LangGuard.Testing.Conformance;

namespace LangGuard.Testing;

/// <content>The attacks on functions.</content>
public static partial class PolicyConformance
{
    /// <summary>Attacks functions with calls made from honest ones: names that look alike, arguments that are missing, not listed
    /// or in another case, values that lie just outside of each rule, a description that changes. A stand-in takes the place
    /// of each function, and no attack may reach it; the honest calls must, with the very arguments.</summary>
    /// <param name="policy">What the host says to the builder.</param>
    /// <param name="calls">At least one honest call of each function that the policy grants.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="ArgumentException">There is no call, the policy does not grant the function of one, its arguments are no JSON
    /// object, or a function that the policy grants has no call.</exception>
    /// <exception cref="PolicyValidationException">The policy has errors.</exception>
    public static async Task<ConformanceReport> FunctionsAsync(
        Action<PolicyBuilder> policy, IEnumerable<FunctionCallExample> calls, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(calls);
        var tested = new FunctionsUnderTest(policy, [.. calls]);
        var results = new List<ConformanceResult>();
        foreach (var test in tested.Cases)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(await tested.RunAsync(test, cancellationToken).ConfigureAwait(false));
        }

        return new ConformanceReport("Functions", results);
    }
}
