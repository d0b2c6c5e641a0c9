using System.Collections.Concurrent;
using System.Text;
using LangGuard.Ablation;
using LangGuard.Testing;
using LangGuard.Testing.Conformance;

namespace LangGuard.Conformance;

/// <summary>Leaves out every layer and wall in turn and runs the attacks of the corpora.</summary>
public sealed class AblationMatrix
{
    // On a busy machine an ordinary case may take seconds; one that blocks takes for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly (string Surface, Wall[] Walls)[] Surfaces =
    [
        ("files",
        [
            Wall.FilePermissions, Wall.SensitiveFiles, Wall.SensitiveNames, Wall.Obstacles, Wall.FileNames, Wall.FileKernel, Wall.FileHandles, Wall.HardLinks,
            Wall.SpecialFiles,
        ]),
        ("http", [Wall.HttpPermissions, Wall.UrlForm, Wall.Addresses, Wall.SocketGate, Wall.WireUrl, Wall.WireRules, Wall.Redirects, Wall.RequestHeaders]),
        ("sqlite",
        [
            Wall.DatabasePermissions, Wall.DatabaseScope, Wall.SqlInspector, Wall.SqlResultShape, Wall.SqliteAuthorizer, Wall.SqliteOneStatement,
            Wall.SqliteReadOnly,
        ]),
        ("postgres", [Wall.DatabasePermissions, Wall.DatabaseScope, Wall.SqlInspector, Wall.SqlWords, Wall.PostgreSqlReadOnly, Wall.PostgreSqlCursor]),
        ("mysql", [Wall.DatabasePermissions, Wall.DatabaseScope, Wall.SqlInspector, Wall.SqlWords, Wall.MySqlReadOnly, Wall.MySqlProof]),
        ("duckdb",
        [
            Wall.DatabasePermissions, Wall.DatabaseScope, Wall.SqlInspector, Wall.SqlResultShape, Wall.SqlWords, Wall.DuckDbReadOnly, Wall.DuckDbSettings,
            Wall.DuckDbSecondOpinion,
        ]),
        ("functions", [Wall.UntrustedContent, Wall.Approval]),
    ];

    private readonly string _folder;
    private readonly SqlWorlds _worlds;
    private readonly List<AblationRow> _rows = [];

    private AblationMatrix(string folder, SqlWorlds worlds) => (_folder, _worlds) = (folder, worlds);

    /// <summary>Attacks that took effect with everything on: there must be none.</summary>
    public IEnumerable<string> Bypasses => _rows.Where(row => row.Wall is null).SelectMany(row => row.Effects);

    /// <summary>Runs everything.</summary>
    /// <param name="folder">The folder of the corpora.</param>
    /// <param name="surfaces">The surfaces; <c>postgres</c> needs a server.</param>
    public static async Task<AblationMatrix> RunAsync(string folder, IReadOnlyCollection<string> surfaces)
    {
        ArgumentNullException.ThrowIfNull(surfaces);
        var chosen = Surfaces.Where(surface => surfaces.Contains(surface.Surface)).ToList();
        using var worlds = new SqlWorlds(Path.Combine(folder, "sql-schemas.json"));
        var matrix = new AblationMatrix(folder, worlds);
        var whole = new ConcurrentDictionary<string, AblationRow>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount) };

        // Everything on first, with the unguarded controls: what has no effect at all is no attack.
        await Parallel.ForEachAsync(chosen, options, async (surface, _) =>
            whole[surface.Surface] = await matrix.RunAsync(surface.Surface, null, null));
        var walls = chosen.SelectMany(surface => surface.Walls.Select(wall => (surface.Surface, Wall: wall))).ToList();
        var rows = new AblationRow[walls.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, walls.Count), options, async (i, _) =>
            rows[i] = await matrix.RunAsync(walls[i].Surface, walls[i].Wall, whole[walls[i].Surface]));
        foreach (var (surface, _) in chosen)
        {
            matrix._rows.Add(whole[surface]);
            matrix._rows.AddRange(rows.Where(row => row.Surface == surface));
        }

        return matrix;
    }

    /// <summary>The attacks on a surface that only one wall holds.</summary>
    public IReadOnlyCollection<string> HeldByOne(string surface) =>
        [.. _rows.Where(row => row.Surface == surface && row.Wall is not null).SelectMany(row => row.Effects).Distinct(StringComparer.Ordinal)];

    /// <summary>The matrix as text for a page.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("| surface | attacks | hold with any one wall off | held by one wall alone |\n|---|---|---|---|\n");
        foreach (var whole in _rows.Where(row => row.Wall is null))
        {
            var alone = HeldByOne(whole.Surface).Count;
            text.Append(string.Create(
                null, $"| {whole.Surface} | {whole.Results.Count} | {whole.Results.Count - alone} | {alone} |\n"));
        }

        text.Append("\n| surface | wall that is off | attacks | stopped by the same rule | stopped by another rule | take effect |\n|---|---|---|---|---|---|\n");
        foreach (var row in _rows)
        {
            var whole = _rows.First(other => other.Surface == row.Surface && other.Wall is null);
            var others = row.AnsweredByAnother(whole);
            text.Append(string.Create(
                null,
                $"| {row.Surface} | {(row.Wall is { } wall ? $"`{AblatedWalls.NameOf(wall)}`" : "none")} | {row.Results.Count} | {row.Results.Count - others - row.Effects.Count} | {others} | {row.Effects.Count} |\n"));
        }

        var heldByOne = _rows.Where(row => row is { Wall: not null, Effects.Count: > 0 }).ToList();
        text.Append(heldByOne.Count == 0 ? "\nNothing is held by one wall alone.\n" : "\nHeld by one wall alone:\n\n");
        foreach (var row in heldByOne)
        {
            const int most = 60;
            text.Append($"- {row.Surface}, `{AblatedWalls.NameOf(row.Wall!.Value)}`: ")
                .AppendJoin(", ", row.Effects.Take(most))
                .Append(row.Effects.Count > most ? ", ...\n" : "\n");
        }

        return text.ToString();
    }

    private async Task<AblationRow> RunAsync(string surface, Wall? wall, AblationRow? whole)
    {
        var name = wall is { } off ? AblatedWalls.NameOf(off) : null;
        bool IsWanted(string id) => whole is null || whole.Results.ContainsKey(id);
        var results = surface switch
        {
            "files" => await FilesAsync(name, IsWanted, whole is null),
            "http" => await HttpAsync(name, IsWanted, whole is null),
            "functions" => Functions(name),
            _ => Sql(surface, name, IsWanted, whole is null),
        };
        return new AblationRow(
            surface, wall,
            results.Where(result => result.Outcome is not (ConformanceOutcome.Inert or ConformanceOutcome.Skipped)).ToDictionary(result => result.Id));
    }

    private async Task<IReadOnlyCollection<ConformanceResult>> FilesAsync(string? off, Func<string, bool> isWanted, bool controls)
    {
        var corpus = FilesConformance.Corpus(ablated: off);
        corpus.Patience = Patience;
        corpus.HasControls = controls;
        var results = new ConcurrentBag<ConformanceResult>();
        await Parallel.ForEachAsync(
            FilesConformance.Load(Path.Combine(_folder, "filesystem.jsonl")).Where(test => !test.IsAllowed && isWanted(test.Id)),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (test, _) => results.Add(await corpus.RunAsync(test)));
        return results;
    }

    private async Task<IReadOnlyCollection<ConformanceResult>> HttpAsync(string? off, Func<string, bool> isWanted, bool controls)
    {
        using var corpus = HttpConformance.Corpus(off);
        corpus.HasControls = controls;
        var results = new List<ConformanceResult>();
        foreach (var test in HttpConformance.Load(Path.Combine(_folder, "http.jsonl")).Where(test => !test.IsAllowed && isWanted(test.Id)))
        {
            results.Add(await corpus.RunAsync(test));
        }

        return results;
    }

    private List<ConformanceResult> Sql(string engine, string? off, Func<string, bool> isWanted, bool controls)
    {
        var corpus = new SqlCorpus(_worlds, off) { HasControls = controls };
        return
        [
            .. SqlCase.Load(Path.Combine(_folder, "sql.jsonl"))
                .Where(test => !test.IsAllowed && test.IsFor(engine) && isWanted($"{test.Id}@{engine}"))
                .Select(test => corpus.Run(test, engine)),
        ];
    }

    private List<ConformanceResult> Functions(string? off)
    {
        var corpus = new FunctionCorpus(Path.Combine(_folder, "agentdojo-workspace"), off, asksForEffects: true);
        return [.. corpus.Run().Where(result => result.Id.Contains('+', StringComparison.Ordinal))];
    }
}
