using System.Text.Json;

namespace LangGuard.Misuse;

/// <summary>Reads JSON and looks at the blanks between its parts: none, one, or the indentation of a serializer. Anything else could
/// spell something that no reader of values sees.</summary>
internal ref struct JsonBlanks(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private int _unit;
    private byte _indent;

    /// <summary>Whether there was anything else.</summary>
    internal bool AreOdd { get; private set; }

    internal bool Read(ref Utf8JsonReader reader)
    {
        var end = (int)reader.BytesConsumed;
        var isRead = reader.Read();
        var gap = _json[end..(isRead ? (int)reader.TokenStartIndex : _json.Length)];
        if (gap.IndexOfAny((byte)',', (byte)':') is var mark and >= 0)
        {
            AreOdd |= mark > 1 || (mark == 1 && gap[0] != ' ');
            gap = gap[(mark + 1)..];
        }

        AreOdd |= gap.Length > 0 && !(gap.Length == 1 && gap[0] == ' ') && !IsLine(gap, isRead ? reader.CurrentDepth : 0);
        return isRead;
    }

    private bool IsLine(ReadOnlySpan<byte> gap, int depth)
    {
        gap = gap[0] == '\r' ? gap[1..] : gap;
        if (gap.IsEmpty || gap[0] != '\n')
        {
            return false;
        }

        gap = gap[1..];
        if (gap.IsEmpty || depth == 0)
        {
            return gap.IsEmpty && depth == 0;
        }

        if (_unit == 0)
        {
            _indent = gap[0];
            _unit = gap.Length / depth;
        }

        return _indent is (byte)' ' or (byte)'\t' && _unit is > 0 and <= 8 && gap.Length == _unit * depth && !gap.ContainsAnyExcept(_indent);
    }
}
