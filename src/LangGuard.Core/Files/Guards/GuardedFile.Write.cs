using System.Text;

namespace LangGuard.Files;

/// <summary>Whole contents, written. The text is encoded before the file is opened, so that ill-formed text changes nothing.</summary>
internal sealed partial class GuardedFile
{
    public void WriteAllBytes(string path, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        actions.WriteAll(path, bytes);
    }

    public void WriteAllBytes(string path, ReadOnlySpan<byte> bytes) => actions.WriteAll(path, bytes);

    public Task WriteAllBytesAsync(string path, byte[] bytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return actions.WriteAllAsync(path, bytes, cancellationToken);
    }

    public Task WriteAllBytesAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        actions.WriteAllAsync(path, bytes, cancellationToken);

    public void WriteAllText(string path, string? contents) => WriteAllText(path, contents.AsSpan());

    public void WriteAllText(string path, string? contents, Encoding encoding) =>
        WriteAllText(path, contents.AsSpan(), encoding);

    public void WriteAllText(string path, ReadOnlySpan<char> contents) =>
        WriteAllText(path, contents, PlainText.Encoding);

    public void WriteAllText(string path, ReadOnlySpan<char> contents, Encoding encoding) =>
        actions.WriteAll(path, Encode(contents, encoding));

    public Task WriteAllTextAsync(string path, string? contents, CancellationToken cancellationToken = default) =>
        WriteAllTextAsync(path, contents.AsMemory(), cancellationToken);

    public Task WriteAllTextAsync(
        string path, string? contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        WriteAllTextAsync(path, contents.AsMemory(), encoding, cancellationToken);

    public Task WriteAllTextAsync(string path, ReadOnlyMemory<char> contents, CancellationToken cancellationToken = default) =>
        WriteAllTextAsync(path, contents, PlainText.Encoding, cancellationToken);

    public Task WriteAllTextAsync(
        string path, ReadOnlyMemory<char> contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        actions.WriteAllAsync(path, Encode(contents.Span, encoding), cancellationToken);

    public void WriteAllLines(string path, string[] contents) => WriteAllLines(path, (IEnumerable<string>)contents);

    public void WriteAllLines(string path, IEnumerable<string> contents) =>
        WriteAllLines(path, contents, PlainText.Encoding);

    public void WriteAllLines(string path, string[] contents, Encoding encoding) =>
        WriteAllLines(path, (IEnumerable<string>)contents, encoding);

    public void WriteAllLines(string path, IEnumerable<string> contents, Encoding encoding) =>
        WriteAllText(path, Join(contents), encoding);

    public Task WriteAllLinesAsync(
        string path, IEnumerable<string> contents, CancellationToken cancellationToken = default) =>
        WriteAllLinesAsync(path, contents, PlainText.Encoding, cancellationToken);

    public Task WriteAllLinesAsync(
        string path, IEnumerable<string> contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        WriteAllTextAsync(path, Join(contents), encoding, cancellationToken);

    private static string Join(IEnumerable<string> contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        StringBuilder text = new();
        foreach (string line in contents)
        {
            text.Append(line).Append(Environment.NewLine);
        }

        return text.ToString();
    }

    private static byte[] Encode(ReadOnlySpan<char> contents, Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        ReadOnlySpan<byte> preamble = encoding.Preamble;
        byte[] bytes = new byte[preamble.Length + encoding.GetByteCount(contents)];
        preamble.CopyTo(bytes);
        encoding.GetBytes(contents, bytes.AsSpan(preamble.Length));
        return bytes;
    }
}
