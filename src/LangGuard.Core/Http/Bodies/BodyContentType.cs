namespace LangGuard.Http;

/// <summary>
/// A Content-Type header, read strictly: one media type, each parameter once. What two servers could read differently has no
/// meaning here.
/// </summary>
internal readonly ref struct BodyContentType
{
    private const int MaxLength = 256;

    private BodyContentType(
        ReadOnlySpan<char> mediaType, ReadOnlySpan<char> charset, ReadOnlySpan<char> boundary, bool hasOther)
    {
        MediaType = mediaType;
        Charset = charset;
        Boundary = boundary;
        HasOtherParameters = hasOther;
    }

    public ReadOnlySpan<char> MediaType { get; }

    /// <summary>Without quotes; empty when not stated.</summary>
    public ReadOnlySpan<char> Charset { get; }

    /// <summary>Without quotes; empty when not stated.</summary>
    public ReadOnlySpan<char> Boundary { get; }

    public bool HasOtherParameters { get; }

    public bool IsUtf8 => Charset.IsEmpty || Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    public bool Is(ReadOnlySpan<char> mediaType) => MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>False when the value is missing, or can be read in two ways.</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out BodyContentType type)
    {
        type = default;
        if (value.IsEmpty || value.Length > MaxLength)
        {
            return false;
        }

        var end = value.IndexOf(';');
        var media = (end < 0 ? value : value[..end]).Trim(" \t");
        var slash = media.IndexOf('/');
        if (slash < 0 || !RequestHeaders.IsToken(media[..slash]) || !RequestHeaders.IsToken(media[(slash + 1)..]))
        {
            return false;
        }

        ReadOnlySpan<char> charset = default;
        ReadOnlySpan<char> boundary = default;
        var hasOther = false;
        var rest = end < 0 ? default : value[end..];
        while (!rest.IsEmpty)
        {
            if (!TryParameter(rest, out var name, out var text, out rest))
            {
                return false;
            }

            // A second value for the same name is where readers part.
            if (name.Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                if (!charset.IsEmpty)
                {
                    return false;
                }

                charset = text;
            }
            else if (name.Equals("boundary", StringComparison.OrdinalIgnoreCase))
            {
                if (!boundary.IsEmpty)
                {
                    return false;
                }

                boundary = text;
            }
            else
            {
                hasOther = true;
            }
        }

        type = new BodyContentType(media, charset, boundary, hasOther);
        return true;
    }

    /// <param name="text">What is left, from the ';' before a parameter.</param>
    /// <param name="name">The name of the parameter.</param>
    /// <param name="value">Its value without quotes.</param>
    /// <param name="left">What is left after it.</param>
    private static bool TryParameter(
        ReadOnlySpan<char> text, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value, out ReadOnlySpan<char> left)
    {
        value = default;
        left = default;
        text = text[1..].TrimStart(" \t");
        var equals = text.IndexOf('=');
        name = equals < 0 ? default : text[..equals];
        if (!RequestHeaders.IsToken(name))
        {
            return false;
        }

        text = text[(equals + 1)..];
        if (!text.StartsWith('"'))
        {
            var next = text.IndexOf(';');
            value = (next < 0 ? text : text[..next]).TrimEnd(" \t");
            left = next < 0 ? default : text[next..];
            return RequestHeaders.IsToken(value);
        }

        var close = text[1..].IndexOf('"');
        if (close <= 0)
        {
            return false;
        }

        // An escaped character or a separator inside quotes is read in two ways.
        value = text.Slice(1, close);
        left = text[(close + 2)..].TrimStart(" \t");
        return !value.ContainsAny("\\;,") && (left.IsEmpty || left[0] == ';');
    }
}
