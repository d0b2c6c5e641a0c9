using System.Runtime.CompilerServices;
using System.Text;

namespace LangGuard.Files;

/// <summary>Whole contents, read.</summary>
internal sealed partial class GuardedFile
{
    public byte[] ReadAllBytes(string path) => actions.ReadAll(path);

    public Task<byte[]> ReadAllBytesAsync(string path, CancellationToken cancellationToken = default) =>
        actions.ReadAllAsync(path, cancellationToken);

    public string ReadAllText(string path) => ReadAllText(path, Encoding.UTF8);

    public string ReadAllText(string path, Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return Decode(actions.ReadAll(path), encoding);
    }

    public Task<string> ReadAllTextAsync(string path, CancellationToken cancellationToken = default) =>
        ReadAllTextAsync(path, Encoding.UTF8, cancellationToken);

    public async Task<string> ReadAllTextAsync(
        string path, Encoding encoding, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return Decode(await actions.ReadAllAsync(path, cancellationToken).ConfigureAwait(false), encoding);
    }

    public string[] ReadAllLines(string path) => ReadAllLines(path, Encoding.UTF8);

    public string[] ReadAllLines(string path, Encoding encoding) => [.. Lines(ReadAllText(path, encoding))];

    public Task<string[]> ReadAllLinesAsync(string path, CancellationToken cancellationToken = default) =>
        ReadAllLinesAsync(path, Encoding.UTF8, cancellationToken);

    public async Task<string[]> ReadAllLinesAsync(
        string path, Encoding encoding, CancellationToken cancellationToken = default) =>
        [.. Lines(await ReadAllTextAsync(path, encoding, cancellationToken).ConfigureAwait(false))];

    public IEnumerable<string> ReadLines(string path) => ReadLines(path, Encoding.UTF8);

    public IEnumerable<string> ReadLines(string path, Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);

        // Opened at once, so that errors and denials come from the call rather than from the loop.
        return ReadLines(new StreamReader(OpenRead(path), encoding));
    }

    public IAsyncEnumerable<string> ReadLinesAsync(string path, CancellationToken cancellationToken = default) =>
        ReadLinesAsync(path, Encoding.UTF8, cancellationToken);

    public IAsyncEnumerable<string> ReadLinesAsync(
        string path, Encoding encoding, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return ReadLinesAsync(new StreamReader(OpenRead(path), encoding), cancellationToken);
    }

    private static IEnumerable<string> ReadLines(StreamReader reader)
    {
        using (reader)
        {
            while (reader.ReadLine() is { } line)
            {
                yield return line;
            }
        }
    }

    private static async IAsyncEnumerable<string> ReadLinesAsync(
        StreamReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (reader)
        {
            while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                yield return line;
            }
        }
    }

    private static string Decode(byte[] content, Encoding encoding)
    {
        using StreamReader reader = new(new MemoryStream(content, writable: false), encoding);
        return reader.ReadToEnd();
    }

    private static IEnumerable<string> Lines(string text)
    {
        using StringReader reader = new(text);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
