using System.Buffers;

namespace LangGuard.Misuse;

/// <summary>Whether one value is a target that the user named or that the deployer trusts.</summary>
internal ref struct TargetCheck(Provenance provenance, KnownValues trusted, bool isStrict)
{
    private static readonly SearchValues<char> BetweenAddresses = SearchValues.Create(" ,;<>\"'()[]\t\r\n");

    /// <summary>What an id in the argument is an id of.</summary>
    internal ReadOnlySpan<char> Noun { get; set; }

    /// <summary>Targets that were looked at.</summary>
    internal int Count { get; private set; }

    /// <summary>Those that only an earlier result of a function names.</summary>
    internal int Minted { get; private set; }

    internal static bool Look(scoped ReadOnlySpan<char> text, ref TargetCheck check)
    {
        text = text.Trim();
        if (text.IsEmpty)
        {
            return true;
        }

        check.Count++;
        return check.IsKnown(text);
    }

    private bool IsKnown(scoped ReadOnlySpan<char> text)
    {
        if (text.Contains('@'))
        {
            return AreKnownAddresses(text);
        }

        Span<char> key = stackalloc char[Entity.MaxLength];
        var kind = Entity.Read(text, key, out var length);
        ReadOnlySpan<char> canonical = key[..length];
        return kind switch
        {
            EntityKind.None => !Entity.LooksLikeUrl(text) && IsKnownName(text),
            EntityKind.Id => IsKnownId(canonical),
            EntityKind.Url => OutgoingLinks.IsKnown(text, provenance, trusted) || (!isStrict && provenance.IsTrusted(kind, canonical)),
            _ => provenance.IsOfUser(kind, canonical)
                || (!isStrict && (trusted.Contains(kind, canonical) || provenance.IsTrusted(kind, canonical))),
        };
    }

    private readonly bool IsKnownName(scoped ReadOnlySpan<char> text) =>
        provenance.IsPhraseOfUser(text)
        || (!isStrict && (trusted.ContainsPhrase(text) || provenance.IsTrustedName(text)));

    private bool IsKnownId(scoped ReadOnlySpan<char> id)
    {
        Span<char> named = stackalloc char[Entity.MaxLength];
        ReadOnlySpan<char> name = Noun.IsEmpty ? default : named[..EntityText.Name(Noun, id, named)];
        if ((Entity.IsDistinct(id) && Knows(id)) || (!name.IsEmpty && Knows(name)))
        {
            return true;
        }

        if (isStrict || !provenance.IsMinted(id))
        {
            return false;
        }

        Minted++;
        return true;
    }

    private readonly bool Knows(scoped ReadOnlySpan<char> id) =>
        provenance.IsOfUser(EntityKind.Id, id)
        || (!isStrict && (trusted.Contains(EntityKind.Id, id) || provenance.IsTrusted(EntityKind.Id, id)));

    /// <summary>Each address of a list, with or without display names. A sign that belongs to no address makes it unknown.</summary>
    private readonly bool AreKnownAddresses(scoped ReadOnlySpan<char> text)
    {
        Span<char> key = stackalloc char[Entity.MaxLength];
        foreach (var range in text.SplitAny(BetweenAddresses))
        {
            var piece = text[range];
            if (!piece.Contains('@'))
            {
                continue;
            }

            if (!Entity.TryEmail(piece, key, out var length))
            {
                return false;
            }

            ReadOnlySpan<char> address = key[..length];
            if (!provenance.IsOfUser(EntityKind.Email, address)
                && (isStrict
                    || (!trusted.HasDomainOf(address)
                        && !trusted.Contains(EntityKind.Email, address)
                        && !provenance.IsTrusted(EntityKind.Email, address))))
            {
                return false;
            }
        }

        return true;
    }
}
