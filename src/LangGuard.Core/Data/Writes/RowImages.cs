using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LangGuard.Data;

/// <summary>Rows as they were at one moment, by their keys.</summary>
/// <param name="columns">What of them.</param>
internal sealed class RowImages(IReadOnlyList<string> columns)
{
    private readonly SortedDictionary<string, (object?[] Key, object?[] Values)> _rows = new(StringComparer.Ordinal);

    internal IReadOnlyList<string> Columns => columns;

    internal int Count => _rows.Count;

    internal long Bytes { get; private set; }

    internal long LargestValue => _rows.Values.SelectMany(row => row.Values).Select(DbValues.SizeOf).DefaultIfEmpty().Max();

    internal IEnumerable<(object?[] Key, object?[] Values)> All => _rows.Values;

    internal void Add(object?[] key, object?[] values)
    {
        _rows[NameOf(key)] = (key, values);
        Bytes += key.Sum(DbValues.SizeOf) + values.Sum(DbValues.SizeOf);
    }

    internal object?[]? Find(object?[] key) => _rows.TryGetValue(NameOf(key), out var row) ? row.Values : null;

    /// <summary>Whether a row is here with these very values.</summary>
    internal bool Holds(object?[] key, object?[] values) => Find(key) is { } found && NameOf(found) == NameOf(values);

    /// <summary>A hash of every key and value. Equal only for the same rows with the same values.</summary>
    internal string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, NameOf([.. columns]));
        foreach (var (name, row) in _rows)
        {
            Append(hash, name);
            Append(hash, NameOf(row.Values));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Values as one text, with types and lengths, so that different values never give the same.</summary>
    internal static string NameOf(object?[] values)
    {
        var text = new StringBuilder();
        foreach (var value in values)
        {
            var (type, part) = value switch
            {
                null or DBNull => ('n', string.Empty),
                string words => ('s', words),
                byte[] bytes => ('b', Convert.ToHexString(bytes)),
                double number => ('d', BitConverter.DoubleToInt64Bits(number).ToString(CultureInfo.InvariantCulture)),
                _ => ('v', Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty),
            };
            text.Append(CultureInfo.InvariantCulture, $"{type}{part.Length}:").Append(part);
        }

        return text.ToString();
    }

    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(BitConverter.GetBytes(text.Length));
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
