using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LangGuard.Permissions;

/// <summary>The compiled rules of one argument. A list passes when each of its texts does.</summary>
internal sealed class CompiledArgument
{
    private const int MaxText = 65_536;

    /// <summary>What a decimal holds of any number.</summary>
    private const int MaxDigits = 28;

    private readonly FrozenSet<string>? _domains;
    private readonly FrozenSet<string>? _hosts;
    private readonly FrozenSet<string>? _values;
    private readonly string? _under;
    private readonly decimal? _minimum;
    private readonly decimal? _maximum;
    private readonly Regex? _pattern;
    private readonly int _maxLength;

    private CompiledArgument(string name, ArgumentOptions options, Regex? pattern)
    {
        Name = name;
        _domains = SetOrNull(options.EmailDomains, StringComparer.OrdinalIgnoreCase);
        _hosts = SetOrNull(options.Hosts, StringComparer.OrdinalIgnoreCase);
        _values = SetOrNull(options.Values, StringComparer.Ordinal);
        _under = options.Under;
        _minimum = options.Minimum;
        _maximum = options.Maximum;
        _pattern = pattern;
        _maxLength = options.MaxLength ?? MaxText;
    }

    internal string Name { get; }

    internal static CompiledArgument? Compile(string path, string name, ArgumentOptions options, PolicyErrors errors)
    {
        var before = errors.All.Count;
        Regex? pattern = null;
        try
        {
            pattern = options.Pattern is { } text
                ? new Regex($@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
                : null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            errors.Add($"{path}:Pattern", options.Pattern, "The pattern can not be used.",
                "Use a regular expression without look-around and back references.");
        }

        CheckNames(path, nameof(ArgumentOptions.EmailDomains), options.EmailDomains, errors);
        CheckNames(path, nameof(ArgumentOptions.Hosts), options.Hosts, errors);
        if (options.Under is { } under && !ArgumentText.IsPlainPath(under))
        {
            errors.Add($"{path}:Under", under, "The path is not absolute and plain.", "Use a path such as /kb/drafts.");
        }

        if (options.Minimum > options.Maximum)
        {
            errors.Add($"{path}:Minimum", null, "The least is greater than the greatest.", "Swap them.");
        }

        if (options.MaxLength is <= 0 or > MaxText)
        {
            errors.Add($"{path}:MaxLength", options.MaxLength.Value.ToString(CultureInfo.InvariantCulture),
                "The length is out of range.", "Use 1 to 65536.");
        }

        var compiled = new CompiledArgument(name, options, pattern);
        if (!compiled.HasRule && options.MaxLength is null && errors.All.Count == before)
        {
            errors.Add(path, null, "The argument has no rule.", "Give it one, or list it under AnyArguments.");
        }

        return errors.All.Count == before ? compiled : null;
    }

    internal bool Passes(object? value) => value switch
    {
        string text => PassesText(text),
        JsonElement element => Passes(element),
        bool flag => _values is { } values && IsOnlyValues && values.Contains(flag ? "true" : "false"),
        int number => PassesNumber(number, number.ToString(CultureInfo.InvariantCulture)),
        long number => PassesNumber(number, number.ToString(CultureInfo.InvariantCulture)),
        decimal number => PassesNumber(number, number.ToString(CultureInfo.InvariantCulture)),
        double number => TryDecimal(number, out var exact) && PassesNumber(exact, number.ToString("R", CultureInfo.InvariantCulture)),
        _ => false,
    };

    private bool HasTextRule => _domains is not null || _hosts is not null || _under is not null || _pattern is not null;

    private bool HasRange => _minimum is not null || _maximum is not null;

    private bool HasRule => HasTextRule || HasRange || _values is not null;

    private bool IsOnlyValues => !HasTextRule && !HasRange;

    private static FrozenSet<string>? SetOrNull(ISet<string> values, StringComparer comparer) =>
        values.Count == 0 ? null : values.ToFrozenSet(comparer);

    private static void CheckNames(string path, string key, ISet<string> names, PolicyErrors errors)
    {
        foreach (var name in names.Where(name => !ArgumentText.IsHostName(name)))
        {
            errors.Add($"{path}:{key}", name, "It is not a host name.", "Use a name such as contoso.test; * is not possible.");
        }
    }

    private static bool TryDecimal(double number, out decimal exact)
    {
        exact = 0;
        if (!double.IsFinite(number) || Math.Abs(number) > 7e27)
        {
            return false;
        }

        // Not by conversion, which keeps 15 digits: what is a little over the greatest would be no greater.
        return decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out exact)

            // What rounds to nothing is not nothing: -1e-30 would be no less than 0.
            && (exact != 0 || number == 0);
    }

    private bool Passes(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => TryGetString(element) is { } text && PassesText(text),
        JsonValueKind.Number => element.TryGetDecimal(out var number)
            && (number != 0 || IsZero(element)) && (!HasRange || IsExact(element)) && PassesNumber(number, element.GetRawText()),
        JsonValueKind.True => Passes(true),
        JsonValueKind.False => Passes(false),
        JsonValueKind.Array => PassesList(element),
        _ => false,
    };

    /// <summary>Whether a number is nothing as it is written, rather than rounded to nothing.</summary>
    private static bool IsZero(JsonElement number)
    {
        var raw = JsonMarshal.GetRawUtf8Value(number);
        var exponent = raw.IndexOfAny((byte)'e', (byte)'E');
        return !(exponent < 0 ? raw : raw[..exponent]).ContainsAnyInRange((byte)'1', (byte)'9');
    }

    /// <summary>Whether a number has no more digits than are compared: what is a hair over the greatest must not round to it.</summary>
    private static bool IsExact(JsonElement number)
    {
        var digits = 0;
        foreach (var character in JsonMarshal.GetRawUtf8Value(number))
        {
            if (character is (byte)'e' or (byte)'E')
            {
                break;
            }

            digits += digits > 0 ? (char.IsAsciiDigit((char)character) ? 1 : 0) : (character is >= (byte)'1' and <= (byte)'9' ? 1 : 0);
        }

        return digits <= MaxDigits;
    }

    private static string? TryGetString(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Each item by itself; an empty list, or a list in a list, does not pass.</summary>
    private bool PassesList(JsonElement list)
    {
        var count = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Array || !Passes(item))
            {
                return false;
            }

            count++;
        }

        return count > 0;
    }

    private bool PassesText(string text) =>
        text.Length <= _maxLength
        && !HasRange
        && (_domains is null || AddressList.AllIn(text, _domains))
        && (_hosts is null || ArgumentText.IsOnHost(text, _hosts))
        && (_under is null || ArgumentText.IsUnder(text, _under))
        && (_values is null || _values.Contains(text))
        && (_pattern is null || _pattern.IsMatch(text));

    private bool PassesNumber(decimal number, string text) =>
        !HasTextRule
        && HasRule
        && !(number < _minimum)
        && !(number > _maximum)
        && (_values is null || _values.Contains(text));
}
