using System.Collections.Frozen;

namespace LangGuard.Permissions;

/// <summary>Which request headers may be sent besides the usual ones.</summary>
internal sealed class HeaderRule
{
    // Content negotiation, caching, conditional and identification headers of ordinary API clients.
    private static readonly FrozenSet<string> Usual = new[]
    {
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Content-Disposition",
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Range", "Content-Type", "Date",
        "ETag", "Idempotency-Key", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since",
        "Last-Modified", "Pragma", "Prefer", "Range", "Request-Id", "Traceparent", "User-Agent", "X-Correlation-Id",
        "X-Request-Id", "X-Requested-With",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly FrozenSet<string> _names;

    private HeaderRule(IEnumerable<string> names, bool isAny)
    {
        IsAny = isAny;
        _names = names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    public static HeaderRule None { get; } = new([], false);

    public static HeaderRule Any { get; } = new([], true);

    public bool IsAny { get; }

    public static HeaderRule Of(IEnumerable<string> names) => new(names, false);

    public bool Accepts(string name) => IsAny || Usual.Contains(name) || _names.Contains(name);
}
