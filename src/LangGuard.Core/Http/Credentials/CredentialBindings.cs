using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Compiles the credentials of a policy and ties them to the rules that inject them. Errors are collected.</summary>
internal static class CredentialBindings
{
    public static Dictionary<string, CredentialBinding> Compile(
        IDictionary<string, CredentialOptions> options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        var bindings = new Dictionary<string, CredentialBinding>(StringComparer.Ordinal);
        foreach (var (name, entry) in options)
        {
            var path = $"LimitPermissions:Credentials:{name}";
            if (CompileScope(name, entry.Url, $"{path}:Url", errors) is { } scope && IsSound(entry, path, dependencies, errors))
            {
                bindings.Add(name, new CredentialBinding
                {
                    Name = name,
                    Kind = entry.Kind,
                    Slot = entry.Name,
                    ReadKey = entry.ReadKey,
                    WriteKey = entry.WriteKey,
                    Url = entry.Url!,
                    Scope = scope,
                });
            }
        }

        return bindings;
    }

    /// <summary>Gives a rule its credential. A rule without one still keeps the slots of its host free.</summary>
    public static void Tie(HttpRule rule, Dictionary<string, CredentialBinding> bindings, string path, PolicyErrors errors)
    {
        rule.AllCredentials = [.. bindings.Values];
        if (rule.CredentialBinding is not { } name)
        {
            return;
        }

        if (!bindings.TryGetValue(name, out var binding))
        {
            errors.Add(path, name, "The rule injects a credential that the policy does not have.",
                $"Add LimitPermissions:Credentials:{name}, or correct the name.");
            return;
        }

        rule.Credential = rule.Grant.Credential = binding;
        if (rule.IsHttps != binding.Scope.IsHttps || rule.Port != binding.Scope.Port
            || (rule.Host.Exact is { } host && host != binding.Scope.Host.Exact))
        {
            errors.Add(path, name, "The credential is for another host, scheme or port than the rule.",
                "Correct the Url of the credential, or the rule.");
        }
    }

    private static HttpRule? CompileScope(string name, string? url, string path, PolicyErrors errors)
    {
        if (string.IsNullOrWhiteSpace(url) || url.Contains(' ', StringComparison.Ordinal))
        {
            errors.Add(path, url, "The credential does not say where it may be sent.",
                "State the URL, such as 'https://api.example.com/v1/**'.");
            return null;
        }

        try
        {
            var scope = HttpRuleParser.Parse(name, $"*read {url}");
            if (scope.Host.Exact is not null)
            {
                return scope;
            }

            errors.Add(path, url, "A credential is for one host.", "Name the host without '*'.");
        }
        catch (HttpRuleSyntaxException problem)
        {
            errors.Add(path, url, problem.Message, "State the URL as in a rule.");
        }

        return null;
    }

    private static bool IsSound(CredentialOptions entry, string path, PolicyDependencies dependencies, PolicyErrors errors)
    {
        var before = errors.All.Count;
        var isNameSound = entry.Kind switch
        {
            CredentialKind.Bearer => entry.Name is null,
            CredentialKind.Basic => entry.Name is { Length: > 0 } user && !user.Contains(':', StringComparison.Ordinal)
                && RequestHeaders.IsValue(user),
            CredentialKind.Header => entry.Name is { } header && RequestHeaders.IsToken(header) && !RequestHeaders.IsForbidden(header),
            CredentialKind.Query => RequestHeaders.IsToken(entry.Name),
            _ => false,
        };
        if (!isNameSound)
        {
            errors.Add($"{path}:Name", entry.Name, "The name does not fit the kind.",
                "Bearer has none; Basic has a user name, Header a header, Query a query key.");
        }

        if (entry.ReadKey is null && entry.WriteKey is null)
        {
            errors.Add(path, null, "The credential has no secret.", "State ReadKey, WriteKey or both.");
        }

        foreach (var key in new[] { entry.ReadKey, entry.WriteKey })
        {
            if (key is not null && dependencies.Get<CredentialSources>()?.Contains(key) != true
                && dependencies.Get<ICredentialBroker>() is null)
            {
                errors.Add(path, key, "There is no credential broker that knows this key.",
                    "Call UseCredentialBroker, or state the secret by a delegate.");
            }
        }

        return errors.All.Count == before;
    }
}
