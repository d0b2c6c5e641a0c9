using System.Collections;

namespace LangGuard.Findings;

/// <summary>What is valid in a policy and yet not as it should be, the gravest first.</summary>
public sealed class PolicyFindings : IReadOnlyList<Finding>
{
    private readonly string _agent;
    private readonly List<Finding> _findings;

    internal PolicyFindings(string agent, IEnumerable<Finding> findings)
    {
        _agent = agent;
        _findings =
        [
            .. findings.Distinct().OrderByDescending(finding => finding.Severity)
                .ThenBy(finding => finding.Id, StringComparer.Ordinal).ThenBy(finding => finding.Place, StringComparer.Ordinal),
        ];
    }

    /// <inheritdoc />
    public int Count => _findings.Count;

    /// <inheritdoc />
    public Finding this[int index] => _findings[index];

    /// <summary>As SARIF 2.1.0.</summary>
    public string ToSarif() => SarifReport.Write(_agent, _findings);

    /// <inheritdoc />
    public IEnumerator<Finding> GetEnumerator() => _findings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc />
    public override string ToString() => string.Join('\n', _findings);
}
