namespace LangGuard;

/// <summary>Collects the errors of a policy, so that all are reported at once.</summary>
internal sealed class PolicyErrors
{
    private readonly List<PolicyError> _errors = [];

    internal IReadOnlyList<PolicyError> All => _errors;

    internal void Add(string path, string? value, string problem, string remedy) =>
        _errors.Add(new PolicyError(path, value, problem, remedy));

    internal void ThrowIfAny(string agent)
    {
        if (_errors.Count > 0)
        {
            throw new PolicyValidationException([.. _errors], agent);
        }
    }
}
