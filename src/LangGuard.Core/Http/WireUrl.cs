namespace LangGuard.Http;

/// <summary>A look at a URL just before it leaves, apart from the canonicalizer that made it: what is on the wire means one
/// thing, or every meaning of it has been judged.</summary>
internal static class WireUrl
{
    public static UrlProblem Problem(CanonicalUrl url)
    {
        if (url.Uri.UserInfo.Length > 0)
        {
            return UrlProblem.UserInfo;
        }

        var path = url.Path;
        if (path.IndexOfAnyExceptInRange('!', '~') >= 0 || path.Contains('\\'))
        {
            return UrlProblem.Control;
        }

        if (path.Contains('%') && url.Layers is null)
        {
            return UrlProblem.Encoding;
        }

        for (var at = path.IndexOf("/.", StringComparison.Ordinal); at >= 0;)
        {
            var segment = path[(at + 1)..];
            var end = segment.IndexOfAny('/', ';');
            if ((end < 0 ? segment : segment[..end]) is "." or "..")
            {
                return UrlProblem.DotSegment;
            }

            var next = segment.IndexOf("/.", StringComparison.Ordinal);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return UrlProblem.None;
    }
}
