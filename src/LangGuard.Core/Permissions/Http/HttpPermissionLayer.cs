using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>Endpoint rules: which requests an agent may send. Deny beats allow, and order does not matter.</summary>
internal sealed class HttpPermissionLayer : PermissionLayer
{
    private readonly HttpRuleIndex _index;
    private readonly Decision[] _misses;

    private HttpPermissionLayer(HttpRuleIndex index)
    {
        _index = index;
        _misses = new Decision[Enum.GetValues<HttpMiss>().Length];
        _misses[(int)HttpMiss.Endpoint] = Decision.NotGranted(HttpReasons.Endpoint);
        _misses[(int)HttpMiss.Method] = Decision.NotGranted(HttpReasons.Method);
        _misses[(int)HttpMiss.Query] = Decision.NotGranted(HttpReasons.Query);
        _misses[(int)HttpMiss.Header] = Decision.NotGranted(HttpReasons.Header);
        _misses[(int)HttpMiss.Disguise] = Decision.Deny(HttpReasons.DisguisedMethod);
        _misses[(int)HttpMiss.DeniedEndpoint] = Decision.Deny(HttpReasons.DeniedEndpoint);
    }

    public override string Name => "http.permissions";

    /// <summary>The rules, as compiled.</summary>
    internal IReadOnlyList<HttpRule> Rules => _index.Rules;

    internal HttpRuleIndex Index => _index;

    public override bool Covers(Surface surface) => surface == Surface.Http;

    public override Decision Decide(Operation operation)
    {
        if (operation is not HttpOperation http)
        {
            return Decision.Abstain;
        }

        if (http.Problem is { } problem)
        {
            return Decision.Deny(problem);
        }

        var rule = _index.Find(http, out var miss, out var bodyReason);
        if (rule is not null)
        {
            http.GrantedBy = rule;
            return Decision.Allow(rule.Grant);
        }

        return miss == HttpMiss.Body ? Decision.NotGranted(bodyReason!) : _misses[(int)miss];
    }

    internal static HttpPermissionLayer Compile(
        IDictionary<string, HttpRuleOptions> options, PolicyDependencies dependencies, PolicyErrors errors,
        IDictionary<string, CredentialOptions>? credentials = null)
    {
        var bindings = CredentialBindings.Compile(
            credentials ?? new Dictionary<string, CredentialOptions>(), dependencies, errors);
        var rules = new List<HttpRule>(options.Count);
        foreach (var (name, entry) in options)
        {
            var path = $"LimitPermissions:Http:{name}:Rule";
            if (string.IsNullOrWhiteSpace(entry.Rule))
            {
                errors.Add(path, entry.Rule, "The rule is empty.", "Write one, such as 'GET https://api.example.com/v1/**'.");
                continue;
            }

            try
            {
                var body = HttpBodyClauses.FromOptions(entry.Body, $"LimitPermissions:Http:{name}:Body", errors);
                var rule = HttpRuleParser.Parse(name, entry.Rule, body);
                CredentialBindings.Tie(rule, bindings, path, errors);
                rules.Add(rule);
            }
            catch (HttpRuleSyntaxException problem)
            {
                errors.Add(path, entry.Rule, problem.Message, "Correct the rule; the grammar is in docs/http.md.");
            }
        }

        return new HttpPermissionLayer(new HttpRuleIndex(rules));
    }
}
