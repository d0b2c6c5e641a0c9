using System.Text;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>
/// Finds in a body of any rule what makes the request another one: an overriding field, or requests inside the request. A
/// body of a kind that could hold such a field, and that can not be read here, counts as one that does.
/// </summary>
internal static class BodyOverrides
{
    /// <param name="body">The body.</param>
    /// <param name="verb">The method of the request.</param>
    /// <param name="granted">The methods that the rule grants.</param>
    /// <param name="mayBatch">Whether the rule names a batch endpoint.</param>
    public static bool Has(RequestBody body, HttpVerbs verb, HttpVerbs granted, bool mayBatch)
    {
        var kind = KindOf(body, out var isReadable);
        if (kind == BodyKind.Data)
        {
            return false;
        }

        if (!isReadable || !body.IsComplete || body.IsEncoded)
        {
            return true;
        }

        var bytes = body.Bytes.Span;
        if ((kind & BodyKind.Requests) != 0)
        {
            return !mayBatch;
        }

        return ((kind & BodyKind.Form) != 0 && FormOverrides.Has(Encoding.Latin1.GetString(bytes), verb))
            || ((kind & BodyKind.Multipart) != 0 && MultipartOverrides.Has(bytes, mayBatch))
            || ((kind & BodyKind.Json) != 0 && JsonOverrides.Has(bytes, verb, mayBatch ? HttpVerbs.All : granted));
    }

    /// <summary>How a server may read the body. Without one clear type: in every way.</summary>
    private static BodyKind KindOf(RequestBody body, out bool isReadable)
    {
        isReadable = true;
        if (body.ContentType is null)
        {
            return (LooksLikeJson(body) ? BodyKind.Json : BodyKind.Data) | (body.IsComplete ? BodyKind.Form : BodyKind.Data);
        }

        if (!BodyContentType.TryParse(body.ContentType, out var type))
        {
            isReadable = !body.ContentType.Contains("charset", StringComparison.OrdinalIgnoreCase)
                || body.ContentType.Contains("charset=utf-8", StringComparison.OrdinalIgnoreCase);
            return BodyKind.Form | BodyKind.Json | BodyKind.Multipart;
        }

        var kind = KindOf(type.MediaType);
        isReadable = kind == BodyKind.Data || IsAsciiBased(type.Charset);
        return kind != BodyKind.Data ? kind : LooksLikeJson(body) && body.IsComplete && !body.IsEncoded ? BodyKind.Json : BodyKind.Data;
    }

    private static BodyKind KindOf(ReadOnlySpan<char> media)
    {
        if (media.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return BodyKind.Form;
        }

        if (media.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase)
            || media.Equals("multipart/batch", StringComparison.OrdinalIgnoreCase)
            || media.Equals("application/http", StringComparison.OrdinalIgnoreCase)
            || media.Equals("message/http", StringComparison.OrdinalIgnoreCase))
        {
            return BodyKind.Requests;
        }

        return media.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) ? BodyKind.Multipart
            : media.EndsWith("json", StringComparison.OrdinalIgnoreCase) ? BodyKind.Json
            : BodyKind.Data;
    }

    /// <summary>Servers that take every body for JSON look at its first character only.</summary>
    private static bool LooksLikeJson(RequestBody body) =>
        body.Bytes.Span.TrimStart(" \t\r\n\u001e"u8) is [(byte)'{' or (byte)'[', ..];

    /// <summary>Whether the names that matter look the same in this character set as in ASCII.</summary>
    private static bool IsAsciiBased(ReadOnlySpan<char> charset) =>
        charset.IsEmpty
        || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)
        || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)
        || charset.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase)
        || charset.Equals("iso-8859-15", StringComparison.OrdinalIgnoreCase)
        || charset.Equals("windows-1252", StringComparison.OrdinalIgnoreCase);
}
