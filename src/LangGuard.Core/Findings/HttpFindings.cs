using LangGuard.Permissions;

namespace LangGuard.Findings;

/// <summary>Findings about endpoint rules.</summary>
internal static class HttpFindings
{
    private const HttpVerbs Changing = ~(HttpVerbs.Get | HttpVerbs.Head | HttpVerbs.Options);

    internal static IEnumerable<Finding> Of(PermissionOptions permissions)
    {
        var rules = Parse(permissions.Http).ToList();
        foreach (var rule in rules.Where(rule => !rule.IsDeny))
        {
            foreach (var finding in OfRule(rule, $"LimitPermissions:Http:{rule.Name}"))
            {
                yield return finding;
            }
        }

        foreach (var (name, credential) in permissions.Credentials)
        {
            if (credential.ReadKey is not null && string.Equals(credential.ReadKey, credential.WriteKey, StringComparison.Ordinal))
            {
                yield return new("http.shared-key", FindingSeverity.Warning, $"LimitPermissions:Credentials:{name}",
                    "One key serves reading and writing.", "Use a read-only key for reading.");
            }
        }

        foreach (var group in rules.GroupBy(rule => $"{rule.IsDeny} {rule.Verbs} {rule.IsHttps} {rule.Host.Exact} {rule.Host.Suffix} {rule.Port} {rule.Path.Text}")
            .Where(group => group.Count() > 1))
        {
            yield return new("http.same-rule", FindingSeverity.Warning, $"LimitPermissions:Http:{group.Last().Name}",
                "Two rules grant the same endpoint, and the wider one counts.", "Keep one.");
        }

        foreach (var deny in rules.Where(rule => rule.IsDeny))
        {
            foreach (var dead in rules.Where(rule => !rule.IsDeny && rule.Path.Text == deny.Path.Text
                && rule.Host.Exact == deny.Host.Exact && rule.Host.Suffix == deny.Host.Suffix && (rule.Verbs & ~deny.Verbs) == 0))
            {
                yield return new("http.dead-rule", FindingSeverity.Warning, $"LimitPermissions:Http:{dead.Name}",
                    "A denial of the same endpoint takes away what the rule grants.", "Remove one of the two.");
            }
        }
    }

    private static IEnumerable<HttpRule> Parse(IDictionary<string, HttpRuleOptions> options)
    {
        foreach (var (name, entry) in options)
        {
            HttpRule? rule = null;
            try
            {
                rule = HttpRuleParser.Parse(name, entry.Rule ?? string.Empty, null);
            }
            catch (HttpRuleSyntaxException)
            {
                // An error of its own, reported by the permissions.
            }

            if (rule is not null)
            {
                yield return rule;
            }
        }
    }

    private static IEnumerable<Finding> OfRule(HttpRule rule, string place)
    {
        var changes = (rule.Verbs & Changing) != 0;
        if (rule.Host.IsAny)
        {
            yield return new("http.any-host", changes ? FindingSeverity.Error : FindingSeverity.Warning, place,
                "Every public host is granted: anything can be sent anywhere.", "Name the hosts.");
        }
        else if (rule.Host.Suffix is not null && changes)
        {
            yield return new("http.any-subdomain", FindingSeverity.Warning, place,
                "Every subdomain can be changed.", "Name the hosts that are changed.");
        }

        if (!rule.IsHttps)
        {
            yield return new("http.plain", FindingSeverity.Warning, place, "The requests are not encrypted.", "Use https.");
        }

        if (changes && rule.Path.Segments.Any(segment => segment.IsAnyNumber))
        {
            yield return new("http.changes-any-path", FindingSeverity.Warning, place,
                "Every path below can be changed.", "Write one rule for each endpoint.");
        }

        if ((rule.Verbs & HttpVerbs.Delete) != 0 && rule.Path.Segments.Any(segment => segment.IsAnyNumber))
        {
            yield return new("http.deletes-any-path", FindingSeverity.Error, place,
                "Every path below can be deleted.", "Write one rule for each endpoint.");
        }

        if (rule.Query.IsAny)
        {
            yield return new("http.any-query", FindingSeverity.Warning, place,
                "Every query key is granted: a read can carry data out.", "List the keys with their types.");
        }

        if (rule.Headers.IsAny)
        {
            yield return new("http.any-header", FindingSeverity.Warning, place,
                "Every header is granted: a read can carry data out.", "List the headers.");
        }

        if (rule.Grant.PrivateNetworks.Count > 0)
        {
            yield return new("http.private-network", FindingSeverity.Warning, place,
                "A private network is open to the agent.", "Make the network as small as the service.");
        }

        if (rule.Grant.Trusted && (rule.Host.Exact is null || rule.Path.Segments.Any(segment => segment.IsAnyNumber)))
        {
            yield return new("http.trusts-widely", FindingSeverity.Error, place,
                "Whatever is at any of these addresses counts as trusted.", "Trust single endpoints whose content is the deployer's.");
        }
    }
}
