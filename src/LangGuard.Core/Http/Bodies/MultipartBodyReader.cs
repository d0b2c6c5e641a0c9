using System.Text;
using System.Text.Unicode;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>
/// Reads a multipart form strictly, in linear time: no preamble, no epilogue, one disposition per part, no transfer encoding, no
/// file name that is a path.
/// </summary>
internal static class MultipartBodyReader
{
    private const int MaxBoundary = 70;
    private const int MaxHeaderBytes = 1024;

    public static Reason? Check(ReadOnlySpan<byte> body, ReadOnlySpan<char> boundary, MultipartFields fields)
    {
        if (!IsBoundary(boundary))
        {
            return BodyReasons.Multipart;
        }

        Span<byte> delimiter = stackalloc byte[boundary.Length + 4];
        "\r\n--"u8.CopyTo(delimiter);
        Encoding.ASCII.GetBytes(boundary, delimiter[4..]);
        if (!body.StartsWith(delimiter[2..]))
        {
            return BodyReasons.Multipart;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        body = body[(delimiter.Length - 2)..];
        for (var parts = 0; ; parts++)
        {
            if (body.SequenceEqual("--"u8) || body.SequenceEqual("--\r\n"u8))
            {
                return parts > 0 ? null : BodyReasons.Multipart;
            }

            if (parts == fields.MaxParts || !body.StartsWith("\r\n"u8))
            {
                return BodyReasons.Multipart;
            }

            body = body[2..];
            var next = body.IndexOf(delimiter);
            if (next < 0)
            {
                return BodyReasons.Multipart;
            }

            if (CheckPart(body[..next], fields, seen) is { } problem)
            {
                return problem;
            }

            body = body[(next + delimiter.Length)..];
        }
    }

    private static bool IsBoundary(ReadOnlySpan<char> boundary)
    {
        if (boundary.IsEmpty || boundary.Length > MaxBoundary)
        {
            return false;
        }

        foreach (var c in boundary)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '\'' or '(' or ')' or '+' or '/' or ':' or '='))
            {
                return false;
            }
        }

        return true;
    }

    private static Reason? CheckPart(ReadOnlySpan<byte> part, MultipartFields fields, HashSet<string> seen)
    {
        var end = part.IndexOf("\r\n\r\n"u8);
        if (end is < 0 or > MaxHeaderBytes)
        {
            return BodyReasons.Multipart;
        }

        var content = part[(end + 4)..];
        if (!TryHeaders(part[..end], out var disposition, out var mediaType) || disposition is null)
        {
            return BodyReasons.Multipart;
        }

        if (disposition.HasFileName)
        {
            var type = mediaType ?? "application/octet-stream";
            if (MethodOverrides.IsMatch(disposition.Name))
            {
                return BodyReasons.MethodOverride;
            }

            if (!fields.Files.Contains(disposition.Name))
            {
                return BodyReasons.Key;
            }

            return !disposition.IsFileNamePlain || !fields.FileTypes.Contains(type) ? BodyReasons.FileName
                : seen.Add(JsonKeys.Fold(disposition.Name)) ? null
                : BodyReasons.DuplicateKey;
        }

        if ((mediaType is not null && !mediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            || !Utf8.IsValid(content) || content.Contains((byte)0))
        {
            return BodyReasons.Multipart;
        }

        return fields.Fields.Check(disposition.Name, Encoding.UTF8.GetString(content), seen);
    }

    private static bool TryHeaders(ReadOnlySpan<byte> headers, out MultipartDisposition? disposition, out string? mediaType)
    {
        disposition = null;
        mediaType = null;
        foreach (var b in headers)
        {
            if (b is (< 0x20 and not (byte)'\r' and not (byte)'\n') or > 0x7e)
            {
                return false;
            }
        }

        foreach (var line in Encoding.ASCII.GetString(headers).Split("\r\n"))
        {
            // A bare CR or LF, or a folded line, is where parsers part.
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan().ContainsAny('\r', '\n') || !RequestHeaders.IsToken(line.AsSpan(0, colon)))
            {
                return false;
            }

            var name = line.AsSpan(0, colon);
            var value = line.AsSpan(colon + 1).Trim(' ');
            if (name.Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase) && disposition is null)
            {
                disposition = MultipartDisposition.TryParse(value);
                if (disposition is null)
                {
                    return false;
                }
            }
            else if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && mediaType is null
                && BodyContentType.TryParse(value, out var type) && type.IsUtf8 && !type.HasOtherParameters
                && type.Boundary.IsEmpty)
            {
                mediaType = type.MediaType.ToString();
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
