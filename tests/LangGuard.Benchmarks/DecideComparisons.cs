using System.Globalization;
using System.Text.Json;
using LangGuard.Data;
using LangGuard.Files;

namespace LangGuard.Benchmarks;

/// <summary>One decision of a policy with all default layers, beside the number of its rules.</summary>
internal static class DecideComparisons
{
    private const int Few = 100;
    private const int Many = 10_000;
    private static readonly Aim NothingAllocated = new(MoreBytes: 0);
    private static readonly Principal Somebody = new("benchmark");
    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement.Clone();

    public static IEnumerable<Comparison> All()
    {
        foreach (var surface in Enum.GetValues<Surface>())
        {
            yield return Of($"{surface}: allow, {Few} rules", Aim.Decide, () => Open(surface, rule: 0, besideFew: false));
            yield return Of($"{surface}: allow, {Many:N0} rules beside {Few}", Aim.Flat, () => Open(surface, rule: 0, besideFew: true));
            yield return Of($"{surface}: deny, {Few} rules", NothingAllocated, () => Open(surface, rule: -1, besideFew: false));
        }
    }

    private static Comparison Of(string name, Aim aim, Func<Pair> open) => new("decisions", name, aim, open);

    /// <summary>An operation under the rule of a number; there is no rule -1.</summary>
    private static Pair Open(Surface surface, int rule, bool besideFew)
    {
        var root = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
        var operation = Make(surface, rule);
        var (few, many) = (Session(surface, root, Few), besideFew ? Session(surface, root, Many) : null);
        return new Pair(besideFew ? Decide(few) : null, Decide(many ?? few), () =>
        {
            few.Dispose();
            many?.Dispose();
            Directory.Delete(root);
        });

        Action Decide(GuardSession session)
        {
            var policy = session.Policy;
            return (policy.Decide(operation, session).Kind == DecisionKind.Allow) == (rule >= 0)
                ? () => policy.Decide(operation, session)
                : throw new InvalidOperationException($"The operation {operation.Resource} is not decided on as it should be.");
        }
    }

    private static GuardSession Session(Surface surface, string root, int rules) => GuardSession.Create(
        Policy.Create(guard => guard.LimitPermissions(allow => Grant(allow, surface, root, [.. Enumerable.Range(0, rules)]))),
        Somebody,
        new GuardSessionOptions { Lifetime = TimeSpan.FromDays(1) });

    private static void Grant(PermissionsBuilder allow, Surface surface, string root, List<int> rules)
    {
        switch (surface)
        {
            case Surface.Files:
                allow.Files("kb", root, files => rules.ForEach(i => files.Read($"area{i}/**")));
                break;
            case Surface.Http:
                rules.ForEach(i => allow.Http($"GET https://host{i}.example.com/v1/orders/{{id:int}}"));
                break;
            case Surface.Database:
                allow.Database("shop", db => rules.ForEach(i => db.Select($"table{i}")));
                break;
            default:
                rules.ForEach(i => allow.Function($"function{i}", function => function.OnlyReads()));
                break;
        }
    }

    private static Operation Make(Surface surface, int rule)
    {
        var number = rule.ToString(CultureInfo.InvariantCulture).Replace('-', 'x');
        switch (surface)
        {
            case Surface.Files:
                var name = $"area{number}/notes/today.md";
                return new FileOperation(Somebody, Effects.Read, new FileTarget("kb", name, name, FilePermissions.Read));
            case Surface.Http:
                return new HttpOperation(Somebody, Effects.Read, "GET", new Uri($"https://host{number}.example.com/v1/orders/42"));
            case Surface.Database:
                var schema = new SqlSchema(SqlDialect.Sqlite, [new SqlTable("main", $"table{number}", ["id", "total"])]);
                var statement = $"SELECT id, total FROM table{number} WHERE id = 1";
                return new DatabaseOperation(
                    Somebody, "shop", statement, SqlInspector.Inspect(statement, SqlDialect.Sqlite, schema).Facts!, "main", string.Empty);
            default:
                return new FunctionOperation(Somebody, Effects.Read, $"function{number}", NoArguments);
        }
    }
}
