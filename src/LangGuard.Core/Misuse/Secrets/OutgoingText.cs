using System.Runtime.CompilerServices;
using System.Text.Json;
using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>Everything that leaves with an operation, as it is written and as it reads decoded.</summary>
internal static class OutgoingText
{
    /// <summary>Stands between two texts, so that nothing is found across them by chance.</summary>
    private const char Boundary = '\u0001';

    // Kept, so that no call makes it anew.
    private static readonly JsonLeaves.Look<TextBuffer> AddLeaf = static (scoped ReadOnlySpan<char> leaf, ref TextBuffer to) =>
    {
        to.Add(leaf);
        to.Add(Boundary);
        return true;
    };

    /// <summary>Looks at one text.</summary>
    internal delegate bool Test(ReadOnlySpan<char> text);

    /// <summary>Whether the test finds something in what leaves. Operations that only read local things send nothing; a row
    /// is read by others, so a change of rows sends.</summary>
    [SkipLocalsInit]
    internal static bool Any(Operation operation, Test test)
    {
        if (!Sends(operation))
        {
            return false;
        }

        var text = new TextBuffer(stackalloc char[1024]);
        try
        {
            return !TryWrite(operation, ref text)
                || test(text.Written)
                || (EncodedText.HasOtherReadings(text.Written) && EncodedText.In(text.Written.ToString(), Look(test)) is not null)
                || AnyPacked(operation, test);
        }
        finally
        {
            text.Dispose();
        }
    }

    /// <summary>A look is made only where there are bytes: the ordinary call allocates nothing.</summary>
    private static bool AnyPacked(Operation operation, Test test) => operation switch
    {
        HttpOperation { Body: { IsEmpty: false } body } => EncodedText.InPacked(body.Span, Look(test)) is not null,
        DatabaseOperation { Blobs: { Count: > 0 } blobs } => AnyPacked(blobs, Look(test)),
        _ => false,
    };

    private static bool AnyPacked(IReadOnlyList<byte[]> blobs, EncodedText.Look look) =>
        blobs.Any(bytes => EncodedText.InPacked(bytes, look) is not null);

    private static bool Sends(Operation operation) => operation switch
    {
        HttpOperation => true,
        FunctionOperation function => (function.Effects & ~Effects.Read) != 0,
        DatabaseOperation database => (database.Effects & ~Effects.Read) != 0,
        _ => false,
    };

    /// <summary>False when there is more in it than anybody can look at.</summary>
    private static bool TryWrite(Operation operation, ref TextBuffer to)
    {
        if (operation is FunctionOperation function)
        {
            return function.AllTexts(ref to, AddLeaf);
        }

        if (operation is DatabaseOperation database)
        {
            AddLeaf(database.Statement, ref to);
            AddLeaf(database.Parameters, ref to);
            foreach (var bytes in database.Blobs)
            {
                to.Add(bytes);
                to.Add(Boundary);
            }

            return true;
        }

        var http = (HttpOperation)operation;
        AddLeaf(http.Host, ref to);

        // Apart, because an ampersand would look like the beginning of an escape.
        var target = http.PathAndQuery;
        foreach (var range in target.Split('&'))
        {
            AddLeaf(target[range], ref to);
        }

        foreach (var (name, values) in http.Headers)
        {
            AddLeaf(name, ref to);
            foreach (var value in values)
            {
                AddLeaf(value, ref to);
            }
        }

        var body = http.Body.Span;
        if (body.IsEmpty)
        {
            return true;
        }

        to.Add(body);
        return !body.Contains((byte)'\\') || TryWriteJson(http.Body, ref to);
    }

    /// <summary>Adds what the escapes in a JSON body stand for.</summary>
    private static bool TryWriteJson(ReadOnlyMemory<byte> body, ref TextBuffer to)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            to.Add(Boundary);
            return JsonLeaves.All(document.RootElement, ref to, AddLeaf);
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static EncodedText.Look Look(Test test) => reading => test(reading) ? "secret" : null;
}
