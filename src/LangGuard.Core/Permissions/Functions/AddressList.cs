using System.Buffers;
using System.Collections.Frozen;

namespace LangGuard.Permissions;

/// <summary>Takes a list of e-mail addresses apart. Only forms that every mail program reads alike: <c>a@b.test</c> and
/// <c>Name &lt;a@b.test&gt;</c>, the name in quotes or not; no other quotes, comments, groups, routes or escapes.</summary>
internal static class AddressList
{
    private const int MaxAddresses = 100;

    /// <summary>Without <c>%</c> and <c>!</c>, by which old relays send on to another domain.</summary>
    private static readonly SearchValues<char> LocalCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.#$&'*+/=?^_`{|}~-");

    private static readonly SearchValues<char> NotInName = SearchValues.Create("@<>()[]\\\",;:");

    internal static bool AllIn(string text, FrozenSet<string> domains)
    {
        var lookup = domains.GetAlternateLookup<ReadOnlySpan<char>>();
        var count = 0;
        foreach (var range in text.AsSpan().SplitAny(',', ';'))
        {
            if (++count > MaxAddresses || !IsIn(text.AsSpan()[range].Trim(' '), lookup))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsIn(ReadOnlySpan<char> entry, FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> domains)
    {
        if (entry.EndsWith('>'))
        {
            var open = entry.IndexOf('<');
            if (open < 0)
            {
                return false;
            }

            var name = entry[..open].TrimEnd(' ');
            name = name is ['"', .., '"'] ? name[1..^1] : name;
            foreach (var character in name)
            {
                if (char.IsControl(character) || char.GetUnicodeCategory(character) == System.Globalization.UnicodeCategory.Format)
                {
                    return false;
                }
            }

            if (name.ContainsAny(NotInName))
            {
                return false;
            }

            entry = entry[(open + 1)..^1];
        }

        var at = entry.IndexOf('@');
        return at is > 0 and <= 64
            && !entry[..at].ContainsAnyExcept(LocalCharacters)
            && entry[0] != '.' && entry[at - 1] != '.' && entry[0] != '-'
            && domains.Contains(entry[(at + 1)..]);
    }
}
