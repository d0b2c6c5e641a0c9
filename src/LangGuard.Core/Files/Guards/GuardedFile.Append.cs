using System.Text;

namespace LangGuard.Files;

/// <summary>Content added at the end.</summary>
internal sealed partial class GuardedFile
{
    public void AppendAllBytes(string path, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        actions.AppendAll(path, bytes, []);
    }

    public void AppendAllBytes(string path, ReadOnlySpan<byte> bytes) => actions.AppendAll(path, bytes, []);

    public Task AppendAllBytesAsync(string path, byte[] bytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return actions.AppendAllAsync(path, bytes, default, cancellationToken);
    }

    public Task AppendAllBytesAsync(
        string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        actions.AppendAllAsync(path, bytes, default, cancellationToken);

    public void AppendAllText(string path, string? contents) => AppendAllText(path, contents.AsSpan());

    public void AppendAllText(string path, string? contents, Encoding encoding) =>
        AppendAllText(path, contents.AsSpan(), encoding);

    public void AppendAllText(string path, ReadOnlySpan<char> contents) =>
        AppendAllText(path, contents, PlainText.Encoding);

    public void AppendAllText(string path, ReadOnlySpan<char> contents, Encoding encoding) =>
        actions.AppendAll(path, Bytes(contents, encoding), encoding.Preamble);

    public Task AppendAllTextAsync(string path, string? contents, CancellationToken cancellationToken = default) =>
        AppendAllTextAsync(path, contents.AsMemory(), cancellationToken);

    public Task AppendAllTextAsync(
        string path, string? contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        AppendAllTextAsync(path, contents.AsMemory(), encoding, cancellationToken);

    public Task AppendAllTextAsync(
        string path, ReadOnlyMemory<char> contents, CancellationToken cancellationToken = default) =>
        AppendAllTextAsync(path, contents, PlainText.Encoding, cancellationToken);

    public Task AppendAllTextAsync(
        string path, ReadOnlyMemory<char> contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        actions.AppendAllAsync(
            path, Bytes(contents.Span, encoding), encoding.Preamble.ToArray(), cancellationToken);

    public void AppendAllLines(string path, IEnumerable<string> contents) =>
        AppendAllLines(path, contents, PlainText.Encoding);

    public void AppendAllLines(string path, IEnumerable<string> contents, Encoding encoding) =>
        AppendAllText(path, Join(contents), encoding);

    public Task AppendAllLinesAsync(
        string path, IEnumerable<string> contents, CancellationToken cancellationToken = default) =>
        AppendAllLinesAsync(path, contents, PlainText.Encoding, cancellationToken);

    public Task AppendAllLinesAsync(
        string path, IEnumerable<string> contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        AppendAllTextAsync(path, Join(contents), encoding, cancellationToken);

    private static byte[] Bytes(ReadOnlySpan<char> contents, Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        byte[] bytes = new byte[encoding.GetByteCount(contents)];
        encoding.GetBytes(contents, bytes);
        return bytes;
    }
}
