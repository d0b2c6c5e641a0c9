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

    /// <summary>The arguments to decide on and to pass on; null when they are ambiguous.</summary>
    /// <param name="arguments">The arguments of the call.</param>
    /// <param name="listed">The names that the permission lists, if it lists any: a short way without an enumerator.</param>
    /// <param name="options">How the function writes other values as JSON.</param>
    internal static AIFunctionArguments? Read(AIFunctionArguments arguments, ListedArgument[]? listed, JsonSerializerOptions options)
    {
        if (listed is not null && IsPlain(arguments, listed))
        {
            return arguments;
        }

        return arguments.Count <= MaxArguments ? Copy(arguments, options) : null;
    }

    /// <summary>Whether every argument is a listed one, plain and unambiguous.</summary>
    private static bool IsPlain(AIFunctionArguments arguments, ListedArgument[] listed)
    {
        var found = 0;
        foreach (var argument in listed)
        {
            if (arguments.TryGetValue(argument.Name, out var value))
            {
                // A dictionary that ignores case would find a listed name under another one.
                if (found == 0 && argument.OtherCase is { } other && arguments.ContainsKey(other))
                {
                    return false;
                }

                if (!CanonicalJson.IsPlain(value) || (value is JsonElement element && !CanonicalJson.IsUnambiguous(element)))
                {
                    return false;
                }

                found++;
            }
        }

        return found == arguments.Count;
    }

    private static AIFunctionArguments? Copy(AIFunctionArguments arguments, JsonSerializerOptions options)
    {
        var copy = new AIFunctionArguments(StringComparer.Ordinal) { Services = arguments.Services, Context = arguments.Context };
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in arguments)
        {
            if (!names.Add(name) || !TryConvert(value, options, out var converted))
            {
                return null;
            }

            copy[name] = converted;
        }

        return copy;
    }

    private static bool TryConvert(object? value, JsonSerializerOptions options, out object? converted)
    {
        converted = value;
        if (value is JsonElement { ValueKind: JsonValueKind.Undefined })
        {
            return false;
        }

        if (!CanonicalJson.IsPlain(value))
        {
            try
            {
                converted = value switch
                {
                    JsonNode node => ToolJson.Write(writer => node.WriteTo(writer)),
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
}
