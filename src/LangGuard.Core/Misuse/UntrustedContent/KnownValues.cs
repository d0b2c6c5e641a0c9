using System.Collections.Frozen;

namespace LangGuard.Misuse;

/// <summary>What the deployer trusts as a target. Immutable.</summary>
internal sealed class KnownValues
{
    private readonly EntitySet _entities = new(int.MaxValue);
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _phrases;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _domains;

    internal KnownValues(IEnumerable<string> values, IEnumerable<string> emailDomains)
    {
        var phrases = new List<string>();
        foreach (var value in values)
        {
            EntityText.AddAll(value, _entities);
            phrases.Add(PhraseText.Normalise(value));
        }

        _phrases = phrases.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _domains = emailDomains.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    internal bool Contains(EntityKind kind, ReadOnlySpan<char> key) => _entities.Contains(kind, key);

    internal bool HasDomainOf(ReadOnlySpan<char> email) => _domains.Contains(email[(email.IndexOf('@') + 1)..]);

    internal bool ContainsPhrase(ReadOnlySpan<char> text)
    {
        if (text.Length > PhraseText.MaxLength)
        {
            return false;
        }

        Span<char> buffer = stackalloc char[PhraseText.MaxLength + 2];
        return _phrases.Contains(buffer[..PhraseText.Normalise(text, buffer)]);
    }
}
