using LangGuard.Ablation;

namespace LangGuard.Conformance;

/// <summary>The walls that a run leaves out, by the names of the command line.</summary>
internal sealed class AblatedWalls
{
    private static readonly Dictionary<string, Wall> Names =
        Enum.GetValues<Wall>().ToDictionary(NameOf, wall => wall, StringComparer.OrdinalIgnoreCase);

    private AblatedWalls(IReadOnlyList<Wall> walls) => Walls = walls;

    /// <summary>The walls.</summary>
    public IReadOnlyList<Wall> Walls { get; }

    /// <summary>Reads names, separated by commas; null or nothing leaves out nothing.</summary>
    public static AblatedWalls Parse(string? names) => new(
    [
        .. (names ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name =>
            Names.TryGetValue(name, out var wall)
                ? wall
                : throw new ArgumentException($"There is no wall '{name}'; there are {string.Join(", ", Names.Keys)}.", nameof(names))),
    ]);

    /// <summary>The name of a wall on the command line and in the matrix.</summary>
    public static string NameOf(Wall wall) =>
        string.Concat(wall.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"))
            .Replace("postgre-sql-", "postgresql-", StringComparison.Ordinal)
            .Replace("my-sql-", "mysql-", StringComparison.Ordinal)
            .Replace("duck-db-", "duckdb-", StringComparison.Ordinal);

    /// <summary>Leaves them out of a policy.</summary>
    public void Apply(PolicyBuilder policy) => policy.SwitchOff([.. Walls]);
}
