using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LangGuard.Permissions;

namespace LangGuard.Testing.Conformance;

/// <summary>Values that each rule of an argument has to refuse.</summary>
internal static class ForeignValues
{
    public static IEnumerable<(string Technique, JsonNode? Value)> Of(ArgumentOptions rules, JsonNode? honest) =>
        rules.EmailDomains.Take(1).SelectMany(domain => Mail(domain, rules.EmailDomains)).Select(text => ("another address", Text(text)))
            .Concat(rules.Hosts.Take(1).SelectMany(host => Hosts(host, rules.Hosts)).Select(text => ("another host", Text(text))))
            .Concat((rules.Under is { } under ? Paths(under) : []).Select(text => ("another path", Text(text))))
            .Concat(Numbers(rules).Select(number => ("out of range", number)))
            .Concat(rules.Values.Take(5).SelectMany(Twins).Where(value => !rules.Values.Contains(value)).Select(text => ("another value", Text(text))))
            .Concat((rules.Pattern is { } pattern ? Unmatched(pattern, honest) : []).Select(text => ("no match", Text(text))))
            .Concat(rules.MaxLength is { } length ? [("too long", Text(new string('x', length + 1)))] : []);

    [SuppressMessage("Performance", "CA1859", Justification = "The lists that it fills hold other nodes too.")]
    private static JsonNode? Text(string text) => JsonValue.Create(text);

    private static IEnumerable<string> Mail(string domain, ISet<string> granted)
    {
        const string evil = "evil.test";
        string[] hosts = [evil, $"{domain}.{evil}", $"evil-{domain}", $"sub.{domain}", Foreign.Twin(domain), $"{domain}.", $"{domain}\0.{evil}", "[127.0.0.1]"];
        string[] texts =
        [
            $"a@{domain}, a@{evil}", $"a@{domain};a@{evil}", $"a@{domain} a@{evil}", $"a@{evil} <a@{domain}", $"a@{domain} <a@{evil}>",
            $"\"a@{domain}\" <a@{evil}>", $"a@{evil}@{domain}", $"a%{evil}@{domain}", $"\"a@{evil},\"@{domain}", $"a@{domain}\r\nBcc: a@{evil}",
            $"a@{domain}\n", $"a@{domain}\0", $"(a@{evil}) a@{domain}", $"group: a@{evil}, a@{domain};", $"a@{domain},", $"@{domain}", domain, string.Empty,
        ];
        return hosts.Where(host => !granted.Contains(host)).Select(host => $"a@{host}").Concat(texts);
    }

    private static IEnumerable<string> Hosts(string host, ISet<string> granted)
    {
        string[] names = ["evil.test", $"{host}.evil.test", $"evil-{host}", $"sub.{host}", Foreign.Twin(host), $"{host}.", "127.0.0.1"];
        string[] urls =
        [
            $"https://{host}@evil.test/", $"https://evil.test/?{host}", $"https://evil.test#@{host}", $"https://{host}\\@evil.test/",
            $"https://{host}:x@evil.test/", $"//evil.test/{host}", $"javascript:fetch('//{host}')", $"file://{host}/etc/passwd",
            $"ftp://{host}/", $"https://{host}%2eevil.test/", $"https://evil.test\\.{host}/", $"https://{host}\t.evil.test/", $"data:text/html,{host}",
            $"{host},evil.test", $"{host}\nevil.test", string.Empty,
        ];
        return names.Where(name => !granted.Contains(name)).SelectMany(name => (string[])[name, $"https://{name}/"]).Concat(urls);
    }

    private static IEnumerable<string> Paths(string under)
    {
        var inside = under == "/" ? string.Empty : under;
        string[] beside = under == "/" ? [] : ["/", "/etc/passwd", $"{under}-evil/x", $"{under}2"];
        return beside.Concat(
        [
            $"{inside}/../x", $"{inside}/a/../../x", $"{inside}/..", $"{inside}/./x", $"{inside}//x", $"{inside}/..\\x", $"{inside}/%2e%2e/x",
            $"{inside}/x\0", $"{inside}/~root", $"{inside}/$HOME", $"{inside}/x.", "x", "../x", $"file://{inside}/x", $"C:{inside}/x", string.Empty,
        ]);
    }

    private static IEnumerable<JsonNode?> Numbers(ArgumentOptions rules)
    {
        if (rules.Minimum is null && rules.Maximum is null)
        {
            return [];
        }

        var numbers = new List<string> { "1e400", "-1e400", "\"1\"", "\"NaN\"", "true", "\"\"" };
        if (rules.Minimum is { } minimum and > decimal.MinValue / 2)
        {
            numbers.AddRange([Write(minimum - 1), Write(minimum - 0.0001m), minimum <= 0 ? "-1e27" : "0", $"{Write(minimum)}e-1" is var tenth && minimum > 0 ? tenth : "-1e9"]);
        }

        if (rules.Maximum is { } maximum and < decimal.MaxValue / 2)
        {
            numbers.AddRange([Write(maximum + 1), Write(maximum + 0.0001m), "1e27", $"\"{Write(maximum)}\""]);
        }

        return numbers.Distinct().Select(number => JsonNode.Parse(number)).Where(node => !IsWithin(node, rules));
    }

    /// <summary>Whether a number lies in the range after all, as "-1e9" does where the least is less.</summary>
    private static bool IsWithin(JsonNode? node, ArgumentOptions rules) =>
        node!.GetValueKind() == System.Text.Json.JsonValueKind.Number
        && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && !(number < rules.Minimum) && !(number > rules.Maximum);

    private static string Write(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Twins(string value) =>
        [$"{value} ", $" {value}", $"{value}\n", $"{value}\0", value + value, Foreign.Twin(value), Foreign.Title(value), value.ToUpperInvariant(),
         $"{value},{value}", string.Empty, "conformance"];

    private static IEnumerable<string> Unmatched(string pattern, JsonNode? honest)
    {
        var good = honest is JsonValue value && value.TryGetValue(out string? text) ? text : "x";
        string[] texts =
            [$"{good}\n", $"\n{good}", $"{good}\0", $"{good}'; DROP TABLE x; --", $"{good}$(id)", "../../etc/passwd", $"{good}\r\nX: y",
             Foreign.Twin(good), string.Empty, new string('x', 70_000)];

        var whole = new Regex(
            $@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return texts.Where(candidate => !whole.IsMatch(candidate));
    }
}
