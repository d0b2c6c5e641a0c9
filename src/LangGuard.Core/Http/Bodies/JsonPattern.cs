using System.Text;
using System.Text.RegularExpressions;

namespace LangGuard.Http;

/// <summary>
/// A JSON schema pattern (ECMA-262), compiled to run in linear time. Where .NET reads the same characters in another way, the
/// pattern is rewritten or refused: a .NET '$' also matches before a final line break, its '\d' takes digits of every script.
/// </summary>
internal sealed class JsonPattern
{
    private const int MaxLength = 1024;
    private const int MaxRepeat = 1000;
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    private readonly Regex _expression;

    private JsonPattern(Regex expression) => _expression = expression;

    public static JsonPattern? TryCompile(string pattern, out string problem)
    {
        if (pattern.Length > MaxLength)
        {
            problem = $"The pattern is longer than {MaxLength} characters.";
            return null;
        }

        if (Translate(pattern, out problem) is not { } translated)
        {
            return null;
        }

        try
        {
            var expression = new Regex(
                translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Timeout);
            return new JsonPattern(expression);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            problem = "The pattern can not be matched in linear time, or is malformed.";
            return null;
        }
    }

    /// <summary>Whether the pattern occurs in the text; as in JSON schema, it is not anchored by itself.</summary>
    public bool IsMatch(ReadOnlySpan<char> text)
    {
        try
        {
            return _expression.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static string? Translate(string pattern, out string problem)
    {
        var result = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        problem = string.Empty;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\')
            {
                if (++i == pattern.Length || TranslateEscape(pattern[i], inClass) is not { } escape)
                {
                    problem = "The pattern has an escape that is not ECMA-262, or can not be matched in linear time.";
                    return null;
                }

                result.Append(escape);
                continue;
            }

            if (inClass)
            {
                if (c == '[' || (c == '-' && i + 1 < pattern.Length && pattern[i + 1] == '['))
                {
                    problem = "The pattern has '[' inside a character class; write '\\['.";
                    return null;
                }

                inClass = c != ']';
                result.Append(c);
                continue;
            }

            switch (c)
            {
                case '[':
                    var negated = i + 1 < pattern.Length && pattern[i + 1] == '^';
                    if (i + (negated ? 2 : 1) < pattern.Length && pattern[i + (negated ? 2 : 1)] == ']')
                    {
                        problem = "The pattern has an empty character class.";
                        return null;
                    }

                    inClass = true;
                    result.Append(negated ? "[^" : "[");
                    i += negated ? 1 : 0;
                    break;
                case '(' when i + 1 < pattern.Length && pattern[i + 1] == '?'
                    && !(i + 2 < pattern.Length && pattern[i + 2] == ':'):
                    problem = "The pattern has a group other than '(...)' and '(?:...)'.";
                    return null;
                case '{' when RepeatIsTooLarge(pattern.AsSpan(i + 1)):
                    problem = $"The pattern repeats something more than {MaxRepeat} times.";
                    return null;
                case '$':
                    result.Append("\\z");
                    break;
                case '^':
                    result.Append("\\A");
                    break;
                case '.':
                    result.Append("[^\\n\\r\\u2028\\u2029]");
                    break;
                default:
                    result.Append(c);
                    break;
            }
        }

        return result.ToString();
    }

    private static string? TranslateEscape(char c, bool inClass) => c switch
    {
        'd' => inClass ? "0-9" : "[0-9]",
        'w' => inClass ? "A-Za-z0-9_" : "[A-Za-z0-9_]",
        'D' when !inClass => "[^0-9]",
        'W' when !inClass => "[^A-Za-z0-9_]",
        's' => inClass ? "\\s\\uFEFF" : "[\\s\\uFEFF]",
        'S' when !inClass => "[^\\s\\uFEFF]",
        't' or 'n' or 'r' or 'f' or 'v' or 'u' or 'x' => $"\\{c}",
        'p' or 'P' => $"\\{c}",
        _ when char.IsAsciiLetterOrDigit(c) => null,
        _ => $"\\{c}",
    };

    private static bool RepeatIsTooLarge(ReadOnlySpan<char> rest)
    {
        var close = rest.IndexOf('}');
        if (close < 0)
        {
            return false;
        }

        foreach (var range in rest[..close].Split(','))
        {
            var count = rest[range].Trim();
            if (!count.IsEmpty && !count.ContainsAnyExceptInRange('0', '9') && (count.Length > 4 || int.Parse(count, null) > MaxRepeat))
            {
                return true;
            }
        }

        return false;
    }
}
