using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LangGuard.Replay;

/// <summary>Turns recorded operations into the smallest policy that allows them: exact names, endpoints and argument values.</summary>
internal static partial class LearnedPolicy
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Of(IEnumerable<Operation> operations, IReadOnlyDictionary<string, string> roots)
    {
        var all = operations.ToList();
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("LimitPermissions");
            WriteFiles(writer, all.OfType<FileOperation>(), roots);
            WriteHttp(writer, all.OfType<HttpOperation>());
            WriteDatabases(writer, all.OfType<DatabaseOperation>());
            WriteFunctions(writer, all.OfType<FunctionOperation>());
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteFiles(Utf8JsonWriter writer, IEnumerable<FileOperation> operations, IReadOnlyDictionary<string, string> roots)
    {
        var targets = operations
            .SelectMany(operation => operation.SecondTarget is { } second ? new[] { operation.Target, second } : [operation.Target])
            .GroupBy(target => target.Root, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (targets.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("Files");
        foreach (var root in targets)
        {
            writer.WriteStartObject(root.Key);
            writer.WriteString("Root", roots.GetValueOrDefault(root.Key, $"(directory of '{root.Key}')"));
            writer.WriteStartObject("Rules");
            var names = root.SelectMany(target => new[] { (target.ResolvedPath, target.Permissions), (target.Path, target.Permissions) });
            foreach (var name in names.GroupBy(target => target.Item1, target => target.Permissions, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                writer.WriteStartObject(name.Key.Length == 0 ? "." : name.Key);
                writer.WriteString("Allow", name.Aggregate((all, more) => all | more).ToString());
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>One rule for each method and path; the keys of its query with the values that were sent.</summary>
    private static void WriteHttp(Utf8JsonWriter writer, IEnumerable<HttpOperation> operations)
    {
        var endpoints = operations.GroupBy(operation => $"{operation.Method} {operation.Source}", StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (endpoints.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("Http");
        for (var i = 0; i < endpoints.Count; i++)
        {
            writer.WriteStartObject(string.Create(CultureInfo.InvariantCulture, $"rule{i + 1}"));
            writer.WriteString("Rule", endpoints[i].Key + QueryOf(endpoints[i]));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static string QueryOf(IEnumerable<HttpOperation> operations)
    {
        var values = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var operation in operations)
        {
            foreach (var pair in operation.Query.ToString().Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                var key = equals < 0 ? pair : pair[..equals];
                if (!values.TryGetValue(key, out var known))
                {
                    values.Add(key, known = new SortedSet<string>(StringComparer.Ordinal));
                }

                known.Add(equals < 0 ? string.Empty : pair[(equals + 1)..]);
            }
        }

        return values.Count == 0 ? string.Empty : " query " + string.Join(',', values.Select(entry => $"{entry.Key}{KindOf(entry.Value)}"));
    }

    private static string KindOf(SortedSet<string> values)
    {
        if (values.All(value => value.Length is > 0 and <= 20 && value.All(char.IsAsciiDigit)))
        {
            return ":int";
        }

        return values.All(value => value.Length is > 0 and <= 64 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            && values.Count > 1
            ? $":{string.Join('|', values)}"
            : string.Empty;
    }

    /// <summary>Each argument with the values that were passed; what is no text or number may hold anything.</summary>
    private static void WriteFunctions(Utf8JsonWriter writer, IEnumerable<FunctionOperation> operations)
    {
        var functions = operations.GroupBy(operation => operation.Function, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (functions.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("Functions");
        foreach (var function in functions)
        {
            var calls = function.ToList();
            writer.WriteStartObject(function.Key);
            writer.WriteString("Effects", calls.Aggregate(Effects.None, (all, call) => all | call.Effects).ToString());
            var values = calls.SelectMany(call => call.Arguments.EnumerateObject())
                .GroupBy(argument => argument.Name, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
            var bound = values.Where(argument => argument.Count() == calls.Count && argument.All(value => IsPlain(value.Value))).ToList();
            writer.WriteStartObject("Arguments");
            foreach (var argument in bound)
            {
                writer.WriteStartObject(argument.Key);
                writer.WriteStartArray("Values");
                foreach (var value in argument.Select(value => value.Value.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                {
                    writer.WriteStringValue(value);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteStartArray("AnyArguments");
            foreach (var argument in values.Except(bound))
            {
                writer.WriteStringValue(argument.Key);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static bool IsPlain(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length is > 0 and <= 256);
}
