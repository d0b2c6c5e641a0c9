using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard.Misuse;

/// <summary>The rule for requests: what goes out in a free part comes from the user or from the same origin.</summary>
internal sealed partial class UntrustedContentLayer
{
    private const int MostPageNumbers = 2;
    private const int MaxInspectedBody = 256 * 1024;
    private const int MostWordsOfRead = 64;
    private const int MostNumbers = 8;
    private const int LongestNumber = 18;
    private const int MostMarks = 32;

    private static readonly FrozenSet<string> OrdinaryHeaders = new[]
    {
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Cache-Control", "Connection", "Content-Encoding", "Content-Language",
        "Content-Type", "Expect", "Pragma", "Range", "TE", "Transfer-Encoding", "User-Agent",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Words of ordinary headers; anything else in a header is a free part.
    private static readonly KnownValues None = new([], []);
    private static readonly HashSet<ulong> HeaderWords =
    [
        .. new[]
        {
            "application", "json", "text", "html", "xml", "xhtml", "plain", "csv", "image", "charset", "utf", "8", "q", "0", "1", "2", "3",
            "4", "5", "6", "7", "9", "en", "us", "gzip", "deflate", "br", "identity", "no", "cache", "store", "max", "age", "keep", "alive",
            "bytes", "problem", "octet", "stream", "vnd", "github", "api", "w", "form", "data", "multipart", "boundary", "x", "www",
            "urlencoded", "chunked", "100", "continue",
        }.Select(word => TokenSet.Hash(word)),
    ];

    private Objection ReviewHttp(HttpOperation http, Provenance provenance)
    {
        if (http.Problem is not null)
        {
            return Objection.None;
        }

        var rule = _rules.FindAgain(http);
        if ((http.Effects & Effects.Delete) != 0 && !NamesTarget(http, rule, provenance))
        {
            return Objection.Ask(UntrustedContentReasons.Destructive);
        }

        // What is read by and what is sent are counted apart: a long text is an ordinary body, and no ordinary query.
        Wording asked = default, sent = default;
        var isChosen = IsChosenByAgent(http);
        return (isChosen
                ? HasForeignHost(http, rule, provenance) || HasForeignPath(http, rule, provenance, ref asked)
                    || HasForeignQuery(http, rule, provenance, ref asked) || asked.Count > MostWordsOfRead || asked.Repeats()
                : EchoesForeign(http, provenance))
            || HasForeignHeaders(http, provenance)
            || HasForeignBody(http, rule, provenance, ref sent) || sent.Repeats()
                ? Objection.Ask(UntrustedContentReasons.Outgoing)
                : Objection.None;
    }

    /// <summary>A name under a wildcard is a free part: looking it up already says it.</summary>
    private bool HasForeignHost(HttpOperation http, HttpRule? rule, Provenance provenance)
    {
        var wording = default(Wording);
        return rule is null or { Host.Exact: null } && !provenance.IsKnownTo(http.Origin, http.Host, _ruleWords, ref wording);
    }

    private bool HasForeignPath(HttpOperation http, HttpRule? rule, Provenance provenance, ref Wording wording)
    {
        var changes = (http.Effects & (Effects.Write | Effects.Send)) != 0;
        if (rule is not null && !changes && !HasFreeSegment(rule.Path))
        {
            return false;
        }

        var path = http.Path;
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            if (!segment.IsEmpty && !IsLiteral(segment, rule) && !IsKnown(segment, http, provenance, ref wording))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasForeignQuery(HttpOperation http, HttpRule? rule, Provenance provenance, ref Wording wording)
    {
        var query = http.Query;
        if (query.IsEmpty || (rule is not null && !rule.Query.HasFreePart(query)))
        {
            return false;
        }

        var pages = 0;
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            var key = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? default : pair[(equals + 1)..];
            SlotRule? slot = null;
            var isListed = rule is not null && rule.Query.Find(key, out slot);
            if (isListed && slot is { IsFree: false })
            {
                continue;
            }

            if (key.IsEmpty || (!isListed && !IsKnown(key, http, provenance, ref wording) && !IsPagingKey(key)))
            {
                return true;
            }

            // A page and its size. More numbers than that could spell something.
            if (!IsKnown(value, http, provenance, ref wording) && (++pages > MostPageNumbers || !IsNextPage(http, key, value, provenance)))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasForeignHeaders(HttpOperation http, Provenance provenance)
    {
        var wording = default(Wording);
        foreach (var (name, values) in http.Headers)
        {
            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var isOrdinary = OrdinaryHeaders.Contains(name);
            // A request for what was read before and has changed since; the mark in it has to be known.
            if (!isOrdinary && !name.Equals("If-None-Match", StringComparison.OrdinalIgnoreCase) && !IsKnown(name, http, provenance, ref wording))
            {
                return true;
            }

            foreach (var value in values)
            {
                if (!(isOrdinary && IsOrdinaryHeader(value, ref wording)) && !IsKnown(value, http, provenance, ref wording))
                {
                    return true;
                }
            }
        }

        return wording.Count > MostWordsOfRead || wording.Repeats(perWord: 2);
    }

    private bool HasForeignBody(HttpOperation http, HttpRule? rule, Provenance provenance, ref Wording wording)
    {
        if (!http.HasBody || (http.IsBodyComplete && http.Body.IsEmpty))
        {
            return false;
        }

        if (!http.IsBodyComplete || http.Body.Length > MaxInspectedBody)
        {
            return true;
        }

        if (http.BodyMediaType is { } type && type.Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            return HasForeignJson(http, rule is { Body: JsonBodyRule { HasShape: true } }, provenance, ref wording);
        }

        var text = Encoding.UTF8.GetString(http.Body.Span);
        return !IsKnown(text.Replace('+', ' '), http, provenance, ref wording);
    }

    /// <summary>Where the rule fixes the shape, a few numbers are the deployer's; texts and names that no rule holds are still free,
    /// and so is what is said by many numbers, by yes and no, or by blanks.</summary>
    private bool HasForeignJson(HttpOperation http, bool hasShape, Provenance provenance, ref Wording wording)
    {
        try
        {
            int numbers = 0, marks = 0;
            var blanks = new JsonBlanks(http.Body.Span);
            var names = default(Wording);
            var reader = new Utf8JsonReader(http.Body.Span);
            while (blanks.Read(ref reader))
            {
                var isForeign = reader.TokenType switch
                {
                    JsonTokenType.String => !IsKnown(reader.GetString(), http, provenance, ref wording),
                    JsonTokenType.PropertyName => !IsKnown(reader.GetString(), http, provenance, ref names),
                    JsonTokenType.Number => !IsKnown(Encoding.UTF8.GetString(reader.ValueSpan), http, provenance, ref names)
                        && !(hasShape && reader.ValueSpan.Length <= LongestNumber && ++numbers <= MostNumbers),
                    JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null or JsonTokenType.EndArray => ++marks > MostMarks,
                    _ => false,
                };
                if (isForeign)
                {
                    return true;
                }
            }

            return blanks.AreOdd;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return true;
        }
    }

    /// <summary>Every slot of the path is what the user named.</summary>
    private static bool NamesTarget(HttpOperation http, HttpRule? rule, Provenance provenance)
    {
        var check = new TargetCheck(provenance, None, isStrict: true);
        var path = http.Path;
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            if (segment.IsEmpty)
            {
                continue;
            }

            if (!IsLiteral(segment, rule) && !TargetCheck.Look(segment.Contains('%') ? Uri.UnescapeDataString(segment.ToString()) : segment, ref check))
            {
                return false;
            }

            check.Noun = segment;
        }

        return check.Count > 0;
    }

    private static bool HasFreeSegment(PathTemplate path)
    {
        foreach (var segment in path.Segments)
        {
            if (segment.IsAnyNumber || segment.Slot is { IsFree: true })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLiteral(ReadOnlySpan<char> segment, HttpRule? rule)
    {
        if (rule is null)
        {
            return false;
        }

        foreach (var part in rule.Path.Segments)
        {
            if (part.Text is { } text && segment.SequenceEqual(text))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsKnown(ReadOnlySpan<char> text, HttpOperation http, Provenance provenance, ref Wording wording)
    {
        if (!text.Contains('%'))
        {
            return provenance.IsKnownTo(http.Origin, text, _ruleWords, ref wording);
        }

        var plain = new TextBuffer(stackalloc char[256]);
        try
        {
            plain.AddUnescaped(text);
            return provenance.IsKnownTo(http.Origin, plain.Written, _ruleWords, ref wording);
        }
        finally
        {
            plain.Dispose();
        }
    }

    private static bool IsOrdinaryHeader(ReadOnlySpan<char> text, ref Wording wording)
    {
        for (var rest = text; ;)
        {
            var before = rest;
            var isWord = TokenSet.Next(ref rest, out var token);
            if (before.Length - rest.Length - token.Length > Wording.MostBetween)
            {
                return false;
            }

            if (!isWord)
            {
                return true;
            }

            var hash = TokenSet.Hash(token);
            wording.Add(hash);
            if (!HeaderWords.Contains(hash))
            {
                return false;
            }
        }
    }

    private static bool IsPagingKey(ReadOnlySpan<char> key) =>
        key is "page" or "p" or "limit" or "per_page" or "page_size" or "pageSize" or "size" or "offset" or "start" or "skip" or "count" or "top"
            or "$top" or "$skip" or "cursor";

    private static bool IsNextPage(HttpOperation http, ReadOnlySpan<char> key, ReadOnlySpan<char> value, Provenance provenance) =>
        TryPage(value, out var number) && provenance.IsNextPage(PageKey(http, key), number);

    private static bool TryPage(ReadOnlySpan<char> value, out int number)
    {
        number = 0;
        return value.Length is > 0 and <= 6 && (value.Length == 1 || value[0] != '0')
            && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static ulong PageKey(HttpOperation http, ReadOnlySpan<char> key)
    {
        var hash = default(OperationHash);
        hash.Add(http.Origin);
        hash.Add(key);
        return hash.Value;
    }

    private static void AddPages(HttpOperation http, Provenance provenance)
    {
        var query = http.Query;
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (pair.IndexOf('=') is var equals and > 0 && TryPage(pair[(equals + 1)..], out var number))
            {
                provenance.AddPage(PageKey(http, pair[..equals]), number);
            }
        }
    }
}
