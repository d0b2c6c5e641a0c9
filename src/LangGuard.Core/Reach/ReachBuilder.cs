using System.Globalization;
using LangGuard.Misuse;
using LangGuard.Permissions;

namespace LangGuard.Reach;

/// <summary>Reads the worst case from the model of a policy, never from its compiled layers.</summary>
internal sealed class ReachBuilder(PolicyOptions options, IReadOnlyList<string> customLayers)
{
    internal ReachReport Build(string agent)
    {
        var entries = Files().Concat(Http()).Concat(Database()).Concat(Functions())
            .Concat(customLayers.Select(name => new ReachEntry("Custom", name, "whatever it allows", string.Empty)))
            .OrderBy(entry => entry.Surface, StringComparer.Ordinal)
            .ThenBy(entry => entry.Resource, StringComparer.Ordinal)
            .ThenBy(entry => entry.Verbs, StringComparer.Ordinal)
            .ToList();
        return new ReachReport(agent, entries, [.. Brakes()], Covers);
    }

    private IEnumerable<ReachEntry> Files() =>
        from root in options.LimitPermissions.Files
        let denied = root.Value.Rules.Where(rule => rule.Value.Deny != FilePermissions.None)
            .OrderBy(rule => rule.Key, StringComparer.Ordinal)
            .Select(rule => $"not {rule.Value.Deny} {rule.Key}")
        from rule in root.Value.Rules
        where rule.Value.Allow != FilePermissions.None
        select new ReachEntry(
            nameof(Surface.Files), $"/{root.Key}/{rule.Key}", rule.Value.Allow.ToString(),
            string.Join("; ", denied.Concat(rule.Value.Trusted ? ["content is trusted"] : Array.Empty<string>())));

    private IEnumerable<ReachEntry> Http() =>
        options.LimitPermissions.Http.Values
            .Where(rule => rule.Rule is not null)
            .Select(rule => new ReachEntry(
                nameof(Surface.Http), string.Join(' ', rule.Rule!.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
                rule.Rule.TrimStart().StartsWith("deny ", StringComparison.OrdinalIgnoreCase) ? "never" : "request",
                rule.Body is null ? string.Empty : "body of a fixed shape"));

    private IEnumerable<ReachEntry> Database() =>
        options.LimitPermissions.Database.SelectMany(database => database.Value.Tables
            .Select(table => Database(database.Key, table.Key, table.Value.Allow.ToString(), string.Join("; ", Confinement(table.Value))))
            .Concat(database.Value.SideEffects.Select(table => Database(database.Key, table, "Insert, Update, Delete", "by triggers and foreign keys alone")))
            .Concat(database.Value.Functions.Select(function => Database(database.Key, $"function {function}", "call", string.Empty)))
            .Concat(database.Value.Migrations.Select(migration => Database(
                database.Key, $"migration {migration.Key}", migration.Value.ReplaceLineEndings(" "), "asks a person each time"))));

    private static ReachEntry Database(string name, string what, string verbs, string limits) =>
        new(nameof(Surface.Database), $"{name}: {what}", verbs, limits);

    private static IEnumerable<string> Confinement(DatabaseTableOptions table) =>
        Columns("not", table.DenyColumns)
            .Concat(Columns("masked", table.MaskColumns))
            .Concat(Columns("hashed", table.HashColumns))
            .Concat(table.Rows.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => $"rows where {row.Key} is {row.Value}"));

    private static IEnumerable<string> Columns(string what, ISet<string> columns) =>
        columns.Count == 0 ? [] : [$"{what} {string.Join(", ", columns.Order(StringComparer.Ordinal))}"];

    private IEnumerable<ReachEntry> Functions() =>
        options.LimitPermissions.Functions.Select(function => new ReachEntry(
            nameof(Surface.Functions), function.Key, (function.Value.Effects ?? Effects.All).ToString(),
            function.Value.UnguardedArguments
                ? "any argument"
                : string.Join("; ", function.Value.Arguments.OrderBy(argument => argument.Key, StringComparer.Ordinal)
                    .Select(argument => $"{argument.Key} {Describe(argument.Value)}")
                    .Concat(function.Value.AnyArguments.Order(StringComparer.Ordinal).Select(argument => $"{argument} anything")))));

    private static string Describe(ArgumentOptions argument)
    {
        var rules = new List<string>();
        Add("at ", argument.EmailDomains);
        Add("on ", argument.Hosts);
        Add("one of ", argument.Values);
        if (argument.Under is not null)
        {
            rules.Add($"under {argument.Under}");
        }

        if (argument.Minimum is not null || argument.Maximum is not null)
        {
            rules.Add(string.Create(CultureInfo.InvariantCulture, $"{argument.Minimum}..{argument.Maximum}"));
        }

        if (argument.Pattern is not null)
        {
            rules.Add($"like {argument.Pattern}");
        }

        if (argument.MaxLength is not null)
        {
            rules.Add(string.Create(CultureInfo.InvariantCulture, $"up to {argument.MaxLength} characters"));
        }

        return string.Join(" and ", rules);

        void Add(string word, IEnumerable<string> values)
        {
            if (values.Any())
            {
                rules.Add(word + string.Join(", ", values.Order(StringComparer.Ordinal)));
            }
        }
    }

    private IEnumerable<string> Brakes()
    {
        var misuse = options.AnticipateMisuse;
        foreach (var (name, limits) in new[] { ("session", misuse.LimitUsage.Session), ("principal", misuse.LimitUsage.Principal) }
            .Concat(misuse.LimitUsage.Surfaces.Concat(misuse.LimitUsage.Functions)
                .OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value))))
        {
            if (Describe(limits) is { Length: > 0 } text)
            {
                yield return $"quota of {name}: {text}";
            }
        }

        if (misuse.RequireApproval.Effects != Effects.None)
        {
            yield return $"approval for {misuse.RequireApproval.Effects}";
        }

        foreach (var function in misuse.RequireApproval.Functions.Order(StringComparer.Ordinal))
        {
            yield return $"approval for function {function}";
        }

        if (misuse.UnguardedReportOnly != MisuseKinds.None)
        {
            yield return $"reported and not enforced: {misuse.UnguardedReportOnly}";
        }

        yield return misuse.TrackUntrustedContent.Unguarded ? "untrusted content: none" : "untrusted content: sending and destroying asks";
    }

    private static string Describe(UsageLimitOptions limits)
    {
        var parts = new List<string>();
        Add("calls", limits.Calls);
        Add("bytes in", limits.BytesIn);
        Add("bytes out", limits.BytesOut);
        Add("rows", limits.Rows);
        Add("at the same time", limits.Concurrency);
        if (limits.Time is { } time)
        {
            parts.Add($"{time:c} running");
        }

        if (limits.Period is { } period && parts.Count > 0)
        {
            parts.Add($"each {period:c}");
        }

        return string.Join(", ", parts);

        void Add(string what, long? count)
        {
            if (count is not null)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
            }
        }
    }

    private bool Covers(Operation operation) => customLayers.Count > 0 || operation switch
    {
        FileOperation file => Covers(file.Target) && (file.SecondTarget is not { } second || Covers(second)),
        HttpOperation http => options.LimitPermissions.Http.Any(rule => Covers(rule.Key, rule.Value, http)),
        DatabaseOperation database => options.LimitPermissions.Database.TryGetValue(database.Database, out var granted)
            && Covers(granted, database),
        FunctionOperation function => options.LimitPermissions.Functions.TryGetValue(function.Function, out var granted)
            && Covers(granted, function),
        _ => false,
    };

    /// <summary>Every table with every use of it; a rule may name the schema. A migration is one that is named.</summary>
    private static bool Covers(DatabaseOptions granted, DatabaseOperation database) =>
        database.Migration is { } migration ? granted.Migrations.ContainsKey(migration) : database.Facts is { } facts && facts.Tables.All(use => granted.Tables.Any(table =>
            table.Key[(table.Key.LastIndexOf('.') + 1)..].Equals(use.Name, StringComparison.OrdinalIgnoreCase)
            && ((DatabasePermissions)use.Use & ~table.Value.Allow) == 0));

    /// <summary>All verbs together have to be covered by the rules that match the name, whichever they are.</summary>
    private bool Covers(in FileTarget target)
    {
        if (!options.LimitPermissions.Files.TryGetValue(target.Root, out var root))
        {
            return false;
        }

        var left = target.Permissions;
        foreach (var (pattern, rule) in root.Rules)
        {
            if (Glob.TryParse(pattern, out var glob, out _) && glob!.IsMatch(target.ResolvedPath, ignoreCase: false))
            {
                left &= ~rule.Allow;
            }
        }

        return left == FilePermissions.None;
    }

    private static bool Covers(string name, HttpRuleOptions options, HttpOperation http)
    {
        try
        {
            var rule = HttpRuleParser.Parse(name, options.Rule ?? string.Empty, null);
            return !rule.IsDeny && (rule.Verbs & http.Verb) != 0 && HttpRuleMatch.IsSameOrigin(rule, http)
                && (rule.Host.IsAny
                    || string.Equals(rule.Host.Exact, http.Host, StringComparison.OrdinalIgnoreCase)
                    || (rule.Host.Suffix is { } suffix && http.Host.EndsWith("." + suffix, StringComparison.OrdinalIgnoreCase)))
                && rule.Path.Matches(http.FirstPath);
        }
        catch (HttpRuleSyntaxException)
        {
            return false;
        }
    }

    private static bool Covers(FunctionOptions granted, FunctionOperation function) =>
        granted.UnguardedArguments
        || function.Arguments.EnumerateObject().All(argument =>
            granted.Arguments.ContainsKey(argument.Name) || granted.AnyArguments.Contains(argument.Name));
}
