using System.Collections.Frozen;
using LangGuard.Permissions;

namespace LangGuard.Misuse;

/// <summary>Once untrusted content is in the session, what sends or destroys asks, unless the user named its target.</summary>
internal sealed partial class UntrustedContentLayer : MisuseLayer
{
    private readonly FrozenDictionary<string, FunctionTargets> _functions;
    private readonly KnownValues _trusted;
    private readonly HttpRuleIndex _rules;
    private readonly FrozenSet<ulong> _ruleWords;
    private readonly bool _isJournalled;

    private UntrustedContentLayer(UntrustedContentOptions options, HttpRuleIndex rules, IEnumerable<HttpRuleOptions> texts, bool isJournalled)
    {
        _ruleWords = WordsOf(texts);
        _functions = options.Functions.ToFrozenDictionary(
            entry => entry.Key, entry => new FunctionTargets([.. entry.Value.Arguments], entry.Value.Subject), StringComparer.Ordinal);
        _trusted = new KnownValues(options.TrustedValues, options.TrustedEmailDomains);
        _rules = rules;
        _isJournalled = isJournalled;
        UserWords = options.UserWords;
        LearnsFromHttp = rules.Rules.Any(rule =>
            rule.Query.IsAny || rule.Query.Keys.Values.Any(slot => slot.IsFree) || HasFreeSegment(rule.Path)
            || (rule.Verbs & ~(HttpVerbs.Get | HttpVerbs.Head | HttpVerbs.Options)) != 0);
    }

    public override string Name => "misuse.untrusted-content";

    public override bool Reserves => true;

    internal UserWords UserWords { get; }

    /// <summary>Whether a rule leaves a part of requests free, so that it matters what the origin said before.</summary>
    internal bool LearnsFromHttp { get; }

    internal static UntrustedContentLayer Compile(PolicyOptions policy, IReadOnlyList<PermissionLayer> permissions, PolicyErrors errors)
    {
        var options = policy.AnticipateMisuse.TrackUntrustedContent;
        foreach (var domain in options.TrustedEmailDomains.Where(domain => domain.Contains('@', StringComparison.Ordinal) || domain.StartsWith('*')))
        {
            errors.Add("AnticipateMisuse:TrackUntrustedContent:TrustedEmailDomains", domain, "It is not a domain.", "Write it like contoso.test.");
        }

        var rules = permissions.OfType<HttpPermissionLayer>().FirstOrDefault()?.Index ?? new HttpRuleIndex([]);
        return new UntrustedContentLayer(options, rules, policy.LimitPermissions.Http.Values, policy.DefendInDepth.Journal.Directory is not null);
    }

    public override Objection Review(Operation operation, GuardSession session)
    {
        if (!session.HoldsUntrustedContent)
        {
            return Objection.None;
        }

        var provenance = session.State<Provenance>();
        return operation switch
        {
            FunctionOperation function => ReviewFunction(function, provenance),
            HttpOperation http => ReviewHttp(http, provenance),
            FileOperation file => ReviewFile(file, session, provenance),
            DatabaseOperation database => ReviewDatabase(database),
            _ => Objection.Ask(UntrustedContentReasons.Destructive),
        };
    }

    public override void Settle(Operation operation, GuardSession session, in OperationOutcome outcome)
    {
        if (outcome.Status == OutcomeStatus.Succeeded && operation is HttpOperation http && !http.Query.IsEmpty)
        {
            AddPages(http, session.State<Provenance>());
        }
    }

    /// <summary>Words of the rules themselves: names of keys and fields, and the values that they list.</summary>
    private static FrozenSet<ulong> WordsOf(IEnumerable<HttpRuleOptions> rules)
    {
        var words = new HashSet<ulong>();
        foreach (var text in rules.SelectMany(rule => new[] { rule.Rule, rule.Body?.JsonSchema }))
        {
            var rest = text.AsSpan();
            while (TokenSet.Next(ref rest, out var word))
            {
                words.Add(TokenSet.Hash(word));
            }
        }

        return words.ToFrozenSet();
    }

    private sealed record FunctionTargets(string[] Arguments, string? Subject);

    private static Objection ReviewDatabase(DatabaseOperation database) =>
        !database.Mutates || database.IsAdditive ? Objection.None : Objection.Ask(UntrustedContentReasons.Destructive);
}
