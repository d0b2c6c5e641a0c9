using System.Text;
using System.Text.Json;
using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>Everything that leaves with an operation, as it is written and as it reads decoded.</summary>
internal static class OutgoingText
{
    /// <summary>Looks at one text.</summary>
    internal delegate bool Test(ReadOnlySpan<char> text);

    /// <summary>Whether the test finds something in what leaves. Operations that only read local things send nothing.</summary>
    internal static bool Any(Operation operation, Test test) => operation switch
    {
        HttpOperation http => InRequest(http, test),
        FunctionOperation function => (function.Effects & ~Effects.Read) != 0 && InArguments(function.Arguments, test),
        _ => false,
    };

    // Kept, so that no call makes it anew.
    private static readonly JsonLeaves.Look<Test> LookInto = static (scoped ReadOnlySpan<char> text, ref Test found) => !InText(text, found);

    private static bool InRequest(HttpOperation http, Test test)
    {
        if (InText(http.Host, test) || InText(http.PathAndQuery, test))
        {
            return true;
        }

        foreach (var (name, values) in http.Headers)
        {
            if (InText(name, test) || InText(values.ToString(), test))
            {
                return true;
            }
        }

        return !http.Body.IsEmpty && InBody(http.Body.Span, test);
    }

    private static bool InBody(ReadOnlySpan<byte> body, Test test)
    {
        var text = Encoding.UTF8.GetString(body);
        if (InText(text, test) || EncodedText.InPacked(body, Look(test)) is not null)
        {
            return true;
        }

        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return InArguments(document.RootElement, test);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool InArguments(JsonElement element, Test test) =>
        !JsonLeaves.All(element, ref test, LookInto);

    private static bool InText(ReadOnlySpan<char> text, Test test)
    {
        if (text.IsEmpty)
        {
            return false;
        }

        return test(text)
            || (EncodedText.HasOtherReadings(text) && EncodedText.In(text.ToString(), Look(test)) is not null);
    }

    private static EncodedText.Look Look(Test test) => reading => test(reading) ? "secret" : null;
}
