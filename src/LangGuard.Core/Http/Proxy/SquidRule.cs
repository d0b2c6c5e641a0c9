using System.Globalization;
using System.Net;
using System.Text;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Writes one endpoint rule as Squid access lists.</summary>
internal static class SquidRule
{
    /// <summary>False when the rule has no form that Squid understands; then it stays denied there.</summary>
    public static bool TryWriteAllow(StringBuilder text, HttpRule rule, string name, List<IPNetwork> closed)
    {
        text.Append("# ").Append(SquidAcl.Printable(rule.Text)).Append('\n');
        var parts = new List<string>();
        if (!TryWriteHost(text, rule, name, parts))
        {
            text.Append("# not exported: Squid has no form for this host\n");
            return false;
        }

        text.Append(CultureInfo.InvariantCulture, $"acl {name}_port port {rule.Port}\n");
        parts.Add($"{name}_port");
        if (rule.IsHttps)
        {
            parts.Add("langguard_connect");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"acl {name}_method method {Methods(rule.Verbs)}\n");
            text.Append(CultureInfo.InvariantCulture, $"acl {name}_path urlpath_regex {PathPattern(rule.Path, isLoose: false)}\n");
            parts.AddRange(["langguard_http", $"{name}_method", $"{name}_path"]);
        }

        // Slow lists last: no name is looked up for a request that is denied anyway.
        if (closed.Count > 0)
        {
            SquidAcl.WriteNetworks(text, $"{name}_closed", closed);
            parts.Add($"!{name}_closed");
        }

        parts.Add("langguard_resolved");
        text.Append(CultureInfo.InvariantCulture, $"acl {name} all-of ").AppendJoin(' ', parts).Append('\n');
        return true;
    }

    public static void WriteDeny(StringBuilder text, HttpRule rule, string name)
    {
        text.Append("# ").Append(SquidAcl.Printable(rule.Text)).Append('\n');
        var parts = new List<string>();
        var isWhole = rule.Path.Segments.Count > 0 && rule.Path.Segments.All(segment => segment.IsAnyNumber)
            && rule.Verbs == HttpVerbs.All;
        if ((rule.IsHttps && !isWhole) || !TryWriteHost(text, rule, name, parts))
        {
            text.Append("# not exported: the guard alone can tell these requests from others\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"acl {name}_port port {rule.Port}\n");
        parts.Add($"{name}_port");
        if (!rule.IsHttps && !isWhole)
        {
            text.Append(CultureInfo.InvariantCulture, $"acl {name}_method method {Methods(rule.Verbs)}\n");
            text.Append(CultureInfo.InvariantCulture, $"acl {name}_path urlpath_regex -i {PathPattern(rule.Path, isLoose: true)}\n");
            parts.AddRange([$"{name}_method", $"{name}_path"]);
        }

        text.Append("http_access deny ").AppendJoin(' ', parts).Append('\n');
    }

    private static bool TryWriteHost(StringBuilder text, HttpRule rule, string name, List<string> parts)
    {
        if (rule.Host.IsAny)
        {
            return true;
        }

        if (rule.Host.Exact is { } exact)
        {
            if (exact[0] == '[')
            {
                return false;
            }

            text.Append(CultureInfo.InvariantCulture, $"acl {name}_host dstdomain -n {exact}\n");
        }
        else
        {
            var suffix = rule.Host.Suffix!.Replace(".", "\\.", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"acl {name}_host dstdom_regex -n -i ^([a-z0-9_-]+\\.)+{suffix}$\n");
        }

        parts.Add($"{name}_host");
        return true;
    }

    private static string Methods(HttpVerbs verbs) => string.Join(
        ' ', Enum.GetValues<HttpVerbs>()
            .Where(verb => int.PopCount((int)verb) == 1 && (verbs & verb) != 0)
            .Select(verb => verb.ToString().ToUpperInvariant()));

    private static string PathPattern(PathTemplate path, bool isLoose)
    {
        var pattern = new StringBuilder("^");
        foreach (var segment in path.Segments)
        {
            if (segment.IsAnyNumber)
            {
                pattern.Append("(/[^?]*)?");
            }
            else if (segment.Text is { } literal && literal.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '~'))
            {
                pattern.Append('/').Append(literal.Replace(".", "\\.", StringComparison.Ordinal));
            }
            else
            {
                // A literal that has to be encoded is left to the guard, as are the types of slots.
                pattern.Append("/[^/?]+");
            }
        }

        return pattern.Append(isLoose ? "([/;?]|$)" : "(\\?|$)").ToString();
    }
}
