using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace LangGuard.Misuse;

/// <summary>What sessions with untrusted content wrote: it stays untrusted when it is read again, by whomever. When it is
/// too much to remember, or the file of the host fails, nothing counts as trusted any more.</summary>
internal sealed class UntrustedLabels
{
    private const int Capacity = 200_000;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, bool> _labels = new(StringComparer.Ordinal);
    private readonly string? _file;
    private volatile bool _distrustsAll;

    internal UntrustedLabels(string? file = null)
    {
        _file = file;
        Load();
    }

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

        for (var at = source; ; at = at[..at.LastIndexOf('/')])
        {
            if (_labels.ContainsKey(Hash(at)))
            {
                return true;
            }

            if (!at.Contains('/', StringComparison.Ordinal))
            {
                return false;
            }
        }
    }

    private static string Hash(string source) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(source)).AsSpan(0, 16));

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
                _distrustsAll |= label.Length != 32 || _labels.Count >= Capacity;
                _labels.TryAdd(label, true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _distrustsAll = true;
        }
    }

    private void Append(string label)
    {
        if (_file is null)
        {
            return;
        }

        try
        {
            lock (_lock)
            {
                File.AppendAllText(_file, label + "\n");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _distrustsAll = true;
        }
    }
#pragma warning restore RS0030
}
