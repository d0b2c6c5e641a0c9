using System.Collections.Frozen;

namespace LangGuard.Misuse;

/// <summary>Where values come from, in one session tree: the user's words, trusted results, ids that functions returned, and
/// what each web origin said. Bounded everywhere; what is forgotten can only make the guard ask.</summary>
internal sealed class Provenance
{
    private const int MaxUserText = 256 * 1024;
    private const int MaxResult = 256 * 1024;
    private const int MaxOrigins = 64;

    private readonly Lock _lock = new();
    private readonly EntitySet _user = new(16_384);
    private readonly EntitySet _trusted = new(65_536);
    private readonly TokenSet _minted = new(65_536);
    private readonly TokenSet _created = new(32_768);
    private readonly TokenSet _userTokens = new(65_536);
    private readonly Dictionary<string, TokenSet> _origins = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, Pages> _pages = [];
    private readonly HashSet<string> _sources = new(StringComparer.Ordinal);
    private readonly List<string> _userPhrases = [];
    private readonly HashSet<string> _trustedPhrases = new(StringComparer.Ordinal);
    private int _userText;

    internal void AddUserText(string text)
    {
        lock (_lock)
        {
            var length = Math.Min(text.Length, MaxUserText - _userText);
            if (length <= 0)
            {
                return;
            }

            // A piece that the limit cuts would name something else.
            var known = length == text.Length ? text.AsSpan() : text.AsSpan(0, Math.Max(0, text.AsSpan(0, length).LastIndexOfAny(" \r\n\t")));
            _userText += length;
            EntityText.AddAll(known, _user);
            _userTokens.AddAll(known);
            _userPhrases.Add(PhraseText.Normalise(known));
        }
    }

    /// <summary>A value that the host vouches for, as if the user had written it alone.</summary>
    internal void AddUserValue(string value) => AddUserText(value);

    internal void AddTrustedText(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, MaxResult)];
        lock (_lock)
        {
            EntityText.AddAll(text, _trusted);
        }
    }

    internal void AddTrustedName(ReadOnlySpan<char> name)
    {
        lock (_lock)
        {
            if (name.Length is > 1 and <= 128 && _trustedPhrases.Count < 16_384)
            {
                _trustedPhrases.Add(PhraseText.Normalise(name));
            }
        }
    }

    internal void AddMinted(ReadOnlySpan<char> id)
    {
        lock (_lock)
        {
            _minted.Add(TokenSet.Hash(id));
        }
    }

    internal void AddOriginText(string origin, ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            if (!_origins.TryGetValue(origin, out var tokens))
            {
                if (_origins.Count >= MaxOrigins)
                {
                    return;
                }

                _origins.Add(origin, tokens = new TokenSet(32_768));
            }

            tokens.AddAll(text[..Math.Min(text.Length, MaxResult)]);
        }
    }

    internal void AddSource(string source)
    {
        lock (_lock)
        {
            if (_sources.Count < 1_024)
            {
                _sources.Add(source);
            }
        }
    }

    internal bool IsTrustedSource(Operation operation)
    {
        lock (_lock)
        {
            return _sources.Count > 0 && _sources.Contains(operation.Source);
        }
    }

    internal void AddCreated(string file)
    {
        lock (_lock)
        {
            _created.Add(TokenSet.Hash(file));
        }
    }

    internal void RemoveCreated(string file)
    {
        lock (_lock)
        {
            _created.Remove(TokenSet.Hash(file));
        }
    }

    internal bool HasCreated(string file)
    {
        lock (_lock)
        {
            return _created.Contains(TokenSet.Hash(file));
        }
    }

    internal bool IsOfUser(EntityKind kind, ReadOnlySpan<char> key)
    {
        lock (_lock)
        {
            return _user.Contains(kind, key);
        }
    }

    internal bool IsTrusted(EntityKind kind, ReadOnlySpan<char> key)
    {
        lock (_lock)
        {
            return _trusted.Contains(kind, key);
        }
    }

    internal bool IsMinted(ReadOnlySpan<char> id)
    {
        lock (_lock)
        {
            return _minted.Contains(TokenSet.Hash(id));
        }
    }

    /// <summary>Whether the user wrote this number, with or without separators.</summary>
    internal bool IsAmountOfUser(ReadOnlySpan<char> number)
    {
        lock (_lock)
        {
            return AmountText.AnySpelling(
                number, spelling => _userPhrases.Exists(words => words.Contains(spelling, StringComparison.Ordinal)));
        }
    }

    /// <summary>Whether the user wrote these very words in this order.</summary>
    internal bool IsPhraseOfUser(ReadOnlySpan<char> text)
    {
        if (text.Length is < 2 or > PhraseText.MaxLength)
        {
            return false;
        }

        Span<char> buffer = stackalloc char[PhraseText.MaxLength + 2];
        ReadOnlySpan<char> phrase = buffer[..PhraseText.Normalise(text, buffer)];
        if (phrase.Length < 4)
        {
            return false;
        }

        lock (_lock)
        {
            foreach (var words in _userPhrases)
            {
                if (words.AsSpan().IndexOf(phrase) >= 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    internal bool IsTrustedName(ReadOnlySpan<char> text)
    {
        if (text.Length is < 2 or > 128)
        {
            return false;
        }

        Span<char> buffer = stackalloc char[PhraseText.MaxLength + 2];
        ReadOnlySpan<char> phrase = buffer[..PhraseText.Normalise(text, buffer)];
        lock (_lock)
        {
            return _trustedPhrases.GetAlternateLookup<ReadOnlySpan<char>>().Contains(phrase);
        }
    }

    /// <summary>Whether every word was written by the user, said by this origin, or is one of the deployer's, and nothing odd stands
    /// between them.</summary>
    internal bool IsKnownTo(string origin, ReadOnlySpan<char> text, FrozenSet<ulong> deployer, ref Wording wording)
    {
        lock (_lock)
        {
            _origins.TryGetValue(origin, out var said);
            for (var rest = text; ;)
            {
                var before = rest;
                var isWord = TokenSet.Next(ref rest, out var token);
                if (Wording.IsOdd(before[..(before.Length - rest.Length - token.Length)]))
                {
                    return false;
                }

                if (!isWord)
                {
                    return true;
                }

                var hash = TokenSet.Hash(token);
                wording.Add(hash);
                if (!deployer.Contains(hash) && !Holds(hash, said))
                {
                    return false;
                }

                if (Wording.HasOwnCase(token) && !deployer.Contains(hash) && !Holds(TokenSet.ExactHash(token), said))
                {
                    return false;
                }
            }
        }
    }

    private bool Holds(ulong hash, TokenSet? said) => _userTokens.Contains(hash) || (said is not null && said.Contains(hash));

    /// <summary>Whether a number goes on where the last one of the same key stopped, as page numbers and offsets do.</summary>
    internal bool IsNextPage(ulong key, int number)
    {
        lock (_lock)
        {
            return _pages.TryGetValue(key, out var pages)
                ? number >= 0 && number <= pages.Last + (4L * pages.Step)
                : number is >= 0 and <= 100;
        }
    }

    internal void AddPage(ulong key, int number)
    {
        lock (_lock)
        {
            if (_pages.TryGetValue(key, out var pages))
            {
                var step = number > pages.Last ? Math.Min(pages.Step, number - pages.Last) : pages.Step;
                _pages[key] = new Pages(Math.Max(pages.Last, number), step);
            }
            else if (_pages.Count < 1_024)
            {
                _pages.Add(key, new Pages(number, 100));
            }
        }
    }

    private readonly record struct Pages(int Last, int Step);
}
