using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>Looks once at what leaves with an operation, for all layers of one policy that want to know.</summary>
internal sealed class OutgoingScan
{
    // Shapes that are ordinary in requests, or that only look at a word before a value.
    private static readonly HashSet<string> Ordinary = new(StringComparer.Ordinal)
    {
        "password", "url-password", "authorization-header", "bearer-token", "azure-signature", "aws-signature", "link-signature",
        "jwt", "cookie", "registry-login",
    };

    private static readonly KnownSecretSearch Shapes = KnownSecretRedactor.Search(kind => !Ordinary.Contains(kind));

    private const int Secret = 1;
    private const int Canary = 2;
    private const int MostIds = int.MaxValue >> 2;

    private static int _last;

    private readonly OutgoingText.Test? _anything;
    private readonly OutgoingText.Test? _secret;
    private readonly OutgoingText.Test? _canary;
    private readonly int _id = Interlocked.Increment(ref _last);

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
    }

    internal bool HoldsSecret(Operation operation) => (Of(operation) & Secret) != 0;

    internal bool HoldsCanary(Operation operation) => (Of(operation) & Canary) != 0;

    private int Of(Operation operation)
    {
        // An operation never changes, and neither does a scan.
        var known = operation.OutgoingMark;
        if (known >> 2 == _id)
        {
            return known & (Secret | Canary);
        }

        var isClean = _anything is null || !OutgoingText.Any(operation, _anything);
        var found = isClean ? 0 : (Holds(operation, _secret) ? Secret : 0) | (Holds(operation, _canary) ? Canary : 0);
        if (_id is > 0 and <= MostIds)
        {
            operation.OutgoingMark = (_id << 2) | found;
        }

        return found;
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
