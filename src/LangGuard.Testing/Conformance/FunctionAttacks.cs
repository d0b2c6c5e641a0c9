using System.Text.Json.Nodes;
using LangGuard.Permissions;

namespace LangGuard.Testing.Conformance;

/// <summary>Calls made from one honest call.</summary>
internal sealed class FunctionAttacks(IDictionary<string, FunctionOptions> granted, string function, JsonObject honest)
{
    public IEnumerable<FunctionCase> All() =>
        Names().Concat(Changes()).Concat(Arguments()).Concat(Values())
            .Prepend(new FunctionCase(function, Copy(), "honest call", IsAttack: false));

    /// <summary>Names that a person or a careless comparison takes for the granted one.</summary>
    private IEnumerable<FunctionCase> Names()
    {
        var swapped = function.Contains('_', StringComparison.Ordinal) ? function.Replace('_', '-') : $"{function}_";
        string[] twins =
        [
            function.ToUpperInvariant(), Foreign.Title(function), $"{function} ", $" {function}", $"{function}\u200b", $"{function}2",
            $"functions.{function}", swapped, $"{function}\0", Foreign.Twin(function), $"{function}\n", $"{function};run", "run_shell",
        ];
        return twins.Distinct(StringComparer.Ordinal).Where(name => !granted.ContainsKey(name))
            .Select(name => new FunctionCase(name, Copy(), "another function") { Seen = "the arguments of " + function });
    }

    private IEnumerable<FunctionCase> Changes() =>
        [new FunctionCase(function, Copy(), "changed description") { Changes = true, Seen = "another description than at first" }];

    /// <summary>Arguments that no rule knows, and rules without an argument.</summary>
    private IEnumerable<FunctionCase> Arguments()
    {
        var options = granted[function];
        foreach (var required in options.Arguments.Keys)
        {
            yield return Case("missing argument", $"no {required}", arguments => arguments.Remove(required));
            if (Other(required) == required)
            {
                continue;
            }

            yield return Case("another case", $"{Other(required)} instead of {required}", arguments =>
            {
                arguments.Remove(required);
                arguments[Other(required)] = honest[required]?.DeepClone();
            });
            yield return Case("given twice", $"{required} and {Other(required)}", arguments =>
                arguments[Other(required)] = "conformance");
            yield return Case("given twice", $"{Other(required)} and {required}", arguments =>
            {
                var value = arguments[required]?.DeepClone();
                arguments.Clear();
                arguments[Other(required)] = "conformance";
                arguments[required] = value;
            });
        }

        if (!options.UnguardedArguments)
        {
            yield return Case("unlisted argument", "an argument that is not listed", arguments => arguments["conformance"] = "x");
            yield return Case("unlisted argument", "an argument without name", arguments => arguments[string.Empty] = "x");
        }
    }

    /// <summary>Values just outside of the rules, alone and hidden in a list.</summary>
    private IEnumerable<FunctionCase> Values()
    {
        foreach (var (argument, rules) in granted[function].Arguments)
        {
            foreach (var (technique, value) in ForeignValues.Of(rules, honest[argument]))
            {
                yield return Case(technique, $"{argument} = {Show(value)}", arguments => arguments[argument] = value?.DeepClone());
                yield return Case(technique, $"{argument} = [honest, {Show(value)}]", arguments =>
                    arguments[argument] = new JsonArray(honest[argument]?.DeepClone(), value?.DeepClone()));
            }

            JsonNode?[] shapes = [null, new JsonObject { ["value"] = honest[argument]?.DeepClone() }, new JsonArray(), new JsonArray(new JsonArray(honest[argument]?.DeepClone()))];
            foreach (var shape in shapes)
            {
                yield return Case("another shape", $"{argument} = {Show(shape)}", arguments => arguments[argument] = shape?.DeepClone());
            }
        }
    }

    private FunctionCase Case(string technique, string seen, Action<JsonObject> change)
    {
        var arguments = Copy();
        change(arguments);
        return new FunctionCase(function, arguments, technique) { Seen = seen };
    }

    private JsonObject Copy() => (JsonObject)honest.DeepClone();

    private static string Other(string name) =>
        name.ToUpperInvariant() is var upper && upper != name ? upper : Foreign.Title(name);

    private static string Show(JsonNode? value) =>
        value?.ToJsonString() is { } text ? text.Length > 100 ? $"{text[..100]}..." : text : "null";
}
