using System.Globalization;

namespace LangGuard.Permissions;

/// <summary>Reads the words of a rule text from left to right and remembers where each began.</summary>
internal sealed class HttpRuleReader(string text)
{
    private int _at;

    /// <summary>Where the last word began.</summary>
    public int Position { get; private set; }

    public bool TryRead(out string word)
    {
        while (_at < text.Length && text[_at] == ' ')
        {
            _at++;
        }

        Position = _at;
        var end = text.AsSpan(_at).IndexOf(' ');
        _at = end < 0 ? text.Length : _at + end;
        word = text[Position.._at];
        return word.Length > 0;
    }

    public string Read(string expected) => TryRead(out var word) ? word : throw Expected(expected);

    /// <summary>The next word, left where it is.</summary>
    public string? Peek()
    {
        var (at, position) = (_at, Position);
        var word = TryRead(out var next) ? next : null;
        (_at, Position) = (at, position);
        return word;
    }

    /// <summary>The items of a comma-separated word. Empty items are errors.</summary>
    public string[] ReadList(string expected)
    {
        var items = Read(expected).Split(',');
        return Array.TrueForAll(items, item => item.Length > 0) ? items : throw Expected(expected);
    }

    public long ReadSize(string expected)
    {
        var word = Read(expected);
        var digits = word.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? word : word[..digits];
        var factor = (digits < 0 ? string.Empty : word[digits..]) switch
        {
            "" or "B" => 1L,
            "kB" => 1000,
            "KiB" => 1024,
            "MB" => 1000_000,
            "MiB" => 1024 * 1024,
            "GB" => 1000_000_000,
            "GiB" => 1024 * 1024 * 1024,
            _ => 0,
        };
        return factor > 0
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value * factor
            : throw Expected(expected);
    }

    public TimeSpan ReadDuration(string expected)
    {
        var word = Read(expected);
        var unit = word.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var milliseconds = (unit < 0 ? string.Empty : word[unit..]) switch
        {
            "ms" => 1,
            "s" => 1000,
            "m" or "min" => 60_000,
            "h" => 3600_000,
            _ => 0,
        };
        return milliseconds > 0
            && int.TryParse(word.AsSpan(0, unit), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value is > 0 and <= 1_000_000
            ? TimeSpan.FromMilliseconds((double)value * milliseconds)
            : throw Expected(expected);
    }

    public int ReadCount(string expected) =>
        int.TryParse(Read(expected), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw Expected(expected);

    public HttpRuleSyntaxException Expected(string expected) => new(Position, expected);

    public HttpRuleSyntaxException ExpectedAt(int offset, string expected) => new(Position + offset, expected);
}
