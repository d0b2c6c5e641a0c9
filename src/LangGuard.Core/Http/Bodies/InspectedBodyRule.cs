using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>A rule that reads the whole body. What it reads is what is sent: uncompressed UTF-8 of one stated type.</summary>
internal abstract class InspectedBodyRule : HttpBodyRule
{
    /// <summary>Where the rule states no size.</summary>
    public const int DefaultMaxBytes = 64 * 1024;

    /// <summary>The most that the guard holds of a body; a rule that inspects can not grant more.</summary>
    public sealed override int MaxBytes => RequestBodyReader.MaxHeld;

    public sealed override Reason? Check(HttpOperation operation)
    {
        if (CheckUrl(operation.Query) is { } problem)
        {
            return problem;
        }

        if (!operation.HasBody)
        {
            return NeedsBody || (operation.Verb & HttpVerbs.Write) != 0 ? BodyReasons.Missing : null;
        }

        if (!operation.IsBodyComplete || operation.Body.Length > MaxBytes)
        {
            return BodyReasons.Size;
        }

        return TryContentType(operation, out var text)
            && BodyContentType.TryParse(text, out var type) && type.IsUtf8 && Accepts(type)
            ? CheckContent(type, operation.Body.Span)
            : BodyReasons.Type;
    }

    /// <summary>Whether a request without a body has no meaning, whatever its method.</summary>
    protected virtual bool NeedsBody => false;

    protected virtual Reason? CheckUrl(ReadOnlySpan<char> query) => null;

    protected abstract bool Accepts(in BodyContentType type);

    protected abstract Reason? CheckContent(in BodyContentType type, ReadOnlySpan<byte> body);

    /// <summary>The one Content-Type. False when there are several, or when the content is encoded once more.</summary>
    private static bool TryContentType(HttpOperation operation, out string? contentType)
    {
        contentType = null;
        foreach (var (name, values) in operation.Headers)
        {
            if (name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Content-Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Content-Range", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                if (contentType is not null || values.Count != 1)
                {
                    return false;
                }

                contentType = values.ToString();
            }
        }

        return contentType is not null;
    }
}
