using System.Buffers;

namespace LangGuard.Misuse;

/// <summary>Takes a text apart into the pieces that can name something.</summary>
internal static class EntityText
{
    private const string Ends = "\"<>`|\u201C\u201D\u00AB\u00BB{}";
    private const string Around = "'()[],;:!?.*_\u2018\u2019\u2026";

    /// <summary>What stands between two pieces: white space, control characters and what ends a link.</summary>
    private static readonly SearchValues<char> Between = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue).Select(code => (char)code).Where(c => char.IsWhiteSpace(c) || char.IsControl(c)), .. Ends]);

    private static readonly SearchValues<char> Separators = SearchValues.Create(",;()[]'=");

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Fillers =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase)
        {
            "id", "ids", "no", "nr", "number", "numbers", "num", "and", "or", "with", "the", "of", "called", "named", "is", "are", "to",
        }.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The next piece without white space; quotes and brackets around it are taken off.</summary>
    internal static bool Next(scoped ref ReadOnlySpan<char> text, out ReadOnlySpan<char> piece)
    {
        while (true)
        {
            var start = text.IndexOfAnyExcept(Between);
            if (start < 0)
            {
                piece = text = default;
                return false;
            }

            var end = text[start..].IndexOfAny(Between) is var length and >= 0 ? start + length : text.Length;
            piece = Bare(text[start..end]);
            text = text[end..];
            if (!piece.IsEmpty)
            {
                return true;
            }
        }
    }

    /// <summary>The piece that a character is in, and where it ends.</summary>
    internal static ReadOnlySpan<char> At(ReadOnlySpan<char> text, int index, out int end)
    {
        var start = text[..index].LastIndexOfAny(Between) + 1;
        end = text[index..].IndexOfAny(Between) is var length and >= 0 ? index + length : text.Length;
        return Bare(text[start..end]);
    }

    /// <summary>Splits a piece further where lists have no space after the comma. Never inside a URL, where it could hide the
    /// real host.</summary>
    internal static bool IsList(ReadOnlySpan<char> piece) => piece.ContainsAny(Separators) && !piece.Contains("://", StringComparison.Ordinal);

    /// <summary>Adds everything that a text names.</summary>
    internal static void AddAll(ReadOnlySpan<char> text, EntitySet to)
    {
        Span<char> key = stackalloc char[Entity.MaxLength];
        Span<char> named = stackalloc char[Entity.MaxLength];
        var noun = ReadOnlySpan<char>.Empty;
        AddIbans(text, to);
        while (Next(ref text, out var whole))
        {
            var rest = whole;
            var isList = IsList(whole);
            while (!rest.IsEmpty)
            {
                var comma = isList ? rest.IndexOfAny(Separators) : -1;
                var piece = comma < 0 ? rest : rest[..comma].TrimEnd(Around);
                rest = comma < 0 ? default : rest[(comma + 1)..];
                if (piece.IsEmpty)
                {
                    continue;
                }

                var kind = Entity.Read(piece, key, out var length);
                switch (kind)
                {
                    case EntityKind.None:
                        noun = Fillers.Contains(piece) ? noun : piece;
                        break;
                    case EntityKind.Id:
                        AddId(noun, key[..length], named, to);
                        break;
                    default:
                        to.Add(kind, key[..length]);
                        AddHostOfUrl(kind, key[..length], to);
                        break;
                }
            }
        }
    }

    /// <summary>The key of an id together with what it is an id of.</summary>
    internal static int Name(ReadOnlySpan<char> noun, ReadOnlySpan<char> id, Span<char> to)
    {
        noun = Singular(noun);
        if (noun.Length + id.Length + 1 > to.Length)
        {
            return 0;
        }

        var length = noun.ToLowerInvariant(to);
        to[length++] = ':';
        id.CopyTo(to[length..]);
        return length + id.Length;
    }

    internal static ReadOnlySpan<char> Singular(ReadOnlySpan<char> noun) =>
        noun.Length > 3 && noun.EndsWith("s", StringComparison.OrdinalIgnoreCase) && !noun.EndsWith("ss", StringComparison.OrdinalIgnoreCase)
            ? noun[..^1]
            : noun;

    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> piece) => piece.TrimStart("'()[],;:!?*\u2018").TrimEnd(Around);

    private static void AddId(ReadOnlySpan<char> noun, ReadOnlySpan<char> id, Span<char> named, EntitySet to)
    {
        if (Entity.IsDistinct(id))
        {
            to.Add(EntityKind.Id, id);
        }

        if (!noun.IsEmpty && noun.Length < 64 && Name(noun, id, named) is var length and > 0)
        {
            to.Add(EntityKind.Id, named[..length]);
        }
    }

    private static void AddHostOfUrl(EntityKind kind, ReadOnlySpan<char> key, EntitySet to)
    {
        if (kind == EntityKind.Url)
        {
            var end = key.IndexOfAny("/?#:");
            to.Add(EntityKind.Host, end < 0 ? key : key[..end]);
        }
    }

    /// <summary>Account numbers in groups: <c>DE02 1203 0000 0000 2020 51</c>.</summary>
    private static void AddIbans(ReadOnlySpan<char> text, EntitySet to)
    {
        Span<char> key = stackalloc char[Entity.MaxLength];
        for (var i = 0; i + 14 <= text.Length; i++)
        {
            if (!char.IsAsciiLetter(text[i]) || !char.IsAsciiLetter(text[i + 1]) || !char.IsAsciiDigit(text[i + 2])
                || !char.IsAsciiDigit(text[i + 3]) || (i > 0 && char.IsLetterOrDigit(text[i - 1])))
            {
                continue;
            }

            var end = EndOfGroup(text, i);
            while (end + 1 < text.Length && text[end] == ' ' && EndOfGroup(text, end + 1) is var next
                && next - end is > 1 and <= 5 && next - i <= 42 && !text[(end + 1)..next].ContainsAnyInRange('a', 'z'))
            {
                end = next;
            }

            if (Entity.TryIban(text[i..end], key, out var length))
            {
                to.Add(EntityKind.Iban, key[..length]);
            }

            i = end - 1;
        }
    }

    private static int EndOfGroup(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && char.IsAsciiLetterOrDigit(text[from]))
        {
            from++;
        }

        return from;
    }
}
