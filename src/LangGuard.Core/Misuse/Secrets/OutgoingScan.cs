using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>Looks once at what leaves with an operation, for all layers of one policy that want to know.</summary>
internal sealed class OutgoingScan
{
    // Shapes that are ordinary in requests, or that only look at a word before a value.
    private static readonly HashSet<string> Ordinary = new(StringComparer.Ordinal)
    {
        "password", "url-password", "authorization-header", "bearer-token", "azure-signature", "aws-signature", "jwt",
    };

    private static readonly KnownSecretSearch Shapes = KnownSecretRedactor.Search(kind => !Ordinary.Contains(kind));

    private readonly OutgoingText.Test? _anything;
    private readonly OutgoingText.Test? _secret;
    private readonly OutgoingText.Test? _canary;
    private readonly OutgoingResult[] _results;

    /// <param name="secrets">Configured secrets; null when secrets may leave.</param>
    /// <param name="canaries">Canaries.</param>
    internal OutgoingScan(IReadOnlyCollection<string>? secrets, IReadOnlyCollection<string> canaries)
    {
        _secret = secrets is null ? null : Test(secrets, hasShapes: true);
        _canary = canaries.Count == 0 ? null : Test(canaries, hasShapes: false);

        // One look for both, because taking the text apart costs more than looking.
        _anything = _secret is null ? _canary
            : _canary is null ? _secret
            : text => _secret(text) || _canary(text);
        _results = [.. Enumerable.Range(0, 4).Select(found => new OutgoingResult(this, (found & 1) != 0, (found & 2) != 0))];
    }

    internal bool HoldsSecret(Operation operation) => Of(operation).HoldsSecret;

    internal bool HoldsCanary(Operation operation) => Of(operation).HoldsCanary;

    private OutgoingResult Of(Operation operation)
    {
        // An operation never changes, and neither does a scan.
        if (operation.Outgoing is { } known && ReferenceEquals(known.Scan, this))
        {
            return known;
        }

        var isClean = _anything is null || !OutgoingText.Any(operation, _anything);
        var result = _results[isClean ? 0 : (Holds(operation, _secret) ? 1 : 0) | (Holds(operation, _canary) ? 2 : 0)];
        operation.Outgoing = result;
        return result;
    }

    private static bool Holds(Operation operation, OutgoingText.Test? test) => test is not null && OutgoingText.Any(operation, test);

    private static OutgoingText.Test Test(IReadOnlyCollection<string> values, bool hasShapes)
    {
        if (values.Count == 0)
        {
            return Shapes.IsIn;
        }

        var redactor = new ValueRedactor(values);
        return hasShapes ? text => redactor.IsIn(text) || Shapes.IsIn(text) : redactor.IsIn;
    }
}
