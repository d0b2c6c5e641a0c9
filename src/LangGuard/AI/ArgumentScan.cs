using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>Turns the arguments of a call into values that have one meaning and do not change: what is decided on is what
/// the function gets, whichever representation the caller used.</summary>
internal static class ArgumentScan
{
    private const int MaxArguments = 256;

    /// <summary>The arguments to decide on; null when they are ambiguous.</summary>
    /// <param name="arguments">The arguments of the call.</param>
    /// <param name="listed">The names that the permission lists, if it lists any: a short way without a copy.</param>
    /// <param name="options">How the function writes other values as JSON.</param>
    internal static ArgumentValues? Read(AIFunctionArguments arguments, ListedArgument[]? listed, JsonSerializerOptions options)
    {
        try
        {
            return listed is not null && ReadPlain(arguments, listed) is { } plain ? plain
                : arguments.Count <= MaxArguments ? Copy(arguments, options) : null;
        }
        catch (ObjectDisposedException)
        {
            // A JSON value whose document is gone says nothing.
            return null;
        }
    }

    /// <summary>The arguments as the function gets them: the caller's own object where it still holds exactly what was decided
    /// on, else a new one.</summary>
    internal static AIFunctionArguments Given(in ArgumentValues values, AIFunctionArguments arguments)
    {
        if (IsUnchanged(values, arguments))
        {
            return arguments;
        }

        var given = new AIFunctionArguments(StringComparer.Ordinal) { Services = arguments.Services, Context = arguments.Context };
        foreach (var (name, value) in values)
        {
            given[name] = value;
        }

        return given;
    }

    private static bool IsUnchanged(in ArgumentValues values, AIFunctionArguments arguments)
    {
        if (values.Count != arguments.Count)
        {
            return false;
        }

        foreach (var (name, value) in values)
        {
            // The very same object, which no one can change.
            if (!arguments.TryGetValue(name, out var now) || !ReferenceEquals(now, value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The values when every argument is a listed one, plain and unambiguous.</summary>
    private static ArgumentValues? ReadPlain(AIFunctionArguments arguments, ListedArgument[] listed)
    {
        var values = new object?[listed.Length];
        var found = 0;
        var knowsCase = false;
        for (var i = 0; i < listed.Length; i++)
        {
            if (!arguments.TryGetValue(listed[i].Name, out var value))
            {
                values[i] = ArgumentValues.Omitted;
                continue;
            }

            // A dictionary that ignores case would find a listed name under another one.
            if (!knowsCase && listed[i].OtherCase is { } other)
            {
                if (arguments.ContainsKey(other))
                {
                    return null;
                }

                knowsCase = true;
            }

            if (!CanonicalJson.IsPlain(value)
                || (value is JsonElement element && !(OwnsItsText(element) && CanonicalJson.IsUnambiguous(element))))
            {
                return null;
            }

            values[i] = value;
            found++;
        }

        return found == arguments.Count ? new ArgumentValues(listed, values) : null;
    }

    private static ArgumentValues? Copy(AIFunctionArguments arguments, JsonSerializerOptions options)
    {
        var copy = new Dictionary<string, object?>(arguments.Count, StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in arguments)
        {
            if (!names.Add(name) || !TryConvert(value, options, out var converted))
            {
                return null;
            }

            copy[name] = converted;
        }

        return new ArgumentValues(copy);
    }

    /// <summary>Whether nobody else can change the text of a value: one of a document that is parsed in place changes with the
    /// caller's memory, also after the decision.</summary>
    private static bool OwnsItsText(JsonElement element) =>
        element.ValueKind == JsonValueKind.Undefined
        || Unsafe.AreSame(
            ref MemoryMarshal.GetReference(JsonMarshal.GetRawUtf8Value(element)),
            ref MemoryMarshal.GetReference(JsonMarshal.GetRawUtf8Value(element.Clone())));

    private static bool TryConvert(object? value, JsonSerializerOptions options, out object? converted)
    {
        converted = value;
        if (value is JsonElement { ValueKind: JsonValueKind.Undefined })
        {
            return false;
        }

        if (value is JsonElement shared)
        {
            converted = shared.Clone();
        }
        else if (!CanonicalJson.IsPlain(value))
        {
            try
            {
                converted = value switch
                {
                    JsonNode node => Write(node),
                    JsonDocument document => document.RootElement.Clone(),
                    _ => JsonSerializer.SerializeToElement(value, options.GetTypeInfo(value!.GetType())),
                };
            }
            catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException
                or ArgumentException or ObjectDisposedException)
            {
                // What can not be written can not be decided on.
                return false;
            }
        }

        return converted is not JsonElement element || CanonicalJson.IsUnambiguous(element);
    }

    private static JsonElement Write(JsonNode node) => ToolJson.Write(writer => node.WriteTo(writer));
}
