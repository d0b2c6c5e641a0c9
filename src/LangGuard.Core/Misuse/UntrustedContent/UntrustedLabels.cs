using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LangGuard.Misuse;

/// <summary>What sessions with untrusted content wrote: it stays untrusted when it is read again, by whomever. When it is
/// too much to remember, or the file of the host fails, nothing counts as trusted any more.</summary>
internal sealed class UntrustedLabels
{
    private const int Capacity = 200_000;

    private static readonly ConcurrentDictionary<string, UntrustedLabels> Kept = new(StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<UInt128, bool> _labels = [];
    private readonly string? _file;
    private volatile bool _distrustsAll;

    internal UntrustedLabels(string? file = null)
    {
        _file = file;
        Load();
    }

    /// <summary>Of places that mean the same to every policy of the process: what one agent wrote, another reads.</summary>
    internal static UntrustedLabels OfProcess { get; } = new();

    /// <summary>The labels of a policy. Policies that name the same file share them while they run.</summary>
    internal static UntrustedLabels In(string? file) =>
        file is null ? new UntrustedLabels() : Kept.GetOrAdd(Path.GetFullPath(file), static path => new UntrustedLabels(path));

    internal bool IsEmpty => _labels.IsEmpty && !_distrustsAll;

    internal void Add(string source)
    {
        var label = Hash(source);
        if (_distrustsAll || _labels.ContainsKey(label))
        {
            return;
        }

        if (_labels.Count >= Capacity)
        {
            _distrustsAll = true;
            return;
        }

        _labels.TryAdd(label, true);
        Append(label);
    }

    /// <summary>Whether the source, or a directory above it, is labelled.</summary>
    internal bool Contains(string source)
    {
        if (_distrustsAll)
        {
            return true;
        }

        for (var at = source.AsSpan(); ; at = at[..at.LastIndexOf('/')])
        {
            if (_labels.ContainsKey(Hash(at)))
            {
                return true;
            }

            if (!at.Contains('/'))
            {
                return false;
            }
        }
    }

    private static UInt128 Hash(ReadOnlySpan<char> source)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        byte[]? rented = null;
        var most = Encoding.UTF8.GetMaxByteCount(source.Length);
        Span<byte> bytes = most <= 1024 ? stackalloc byte[1024] : rented = ArrayPool<byte>.Shared.Rent(most);
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(source, bytes)], hash);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

#pragma warning disable RS0030 // The host's own file, outside every root; no name of an agent is used.
    private void Load()
    {
        if (_file is null)
        {
            return;
        }

        try
        {
            foreach (var label in File.Exists(_file) ? File.ReadLines(_file) : [])
            {
                // A line that was cut in two by a crash names nothing we could trust again.
                _distrustsAll |= !TryRead(label, out var hash) || _labels.Count >= Capacity;
                _labels.TryAdd(hash, true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _distrustsAll = true;
        }
    }

    private static bool TryRead(string label, out UInt128 hash)
    {
        hash = default;
        return label.Length == 32 && UInt128.TryParse(label, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out hash);
    }

    private void Append(UInt128 label)
    {
        if (_file is null)
        {
            return;
        }

        try
        {
            lock (_lock)
            {
                File.AppendAllText(_file, label.ToString("X32", CultureInfo.InvariantCulture) + "\n");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _distrustsAll = true;
        }
    }
#pragma warning restore RS0030
}
