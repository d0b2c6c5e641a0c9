using System.Collections.Frozen;
using System.Reflection;

namespace LangGuard.Permissions;

/// <summary>
/// Suffixes under which strangers can register names: registries such as <c>co.uk</c>, and shared hosting such as
/// <c>github.io</c>. A wildcard on one of them, or on a parent of one, would grant hosts of everybody.
/// </summary>
internal static class PublicSuffixes
{
    private const string Resource = "LangGuard.Permissions.Http.public-suffixes.txt";

    private static readonly Lazy<Lists> Loaded = new(Load);

    /// <summary>Why <c>*.suffix</c> covers names of strangers, or null when one owner controls them.</summary>
    public static string? WhyTooBroad(string suffix)
    {
        var dot = suffix.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return $"'{suffix}' is a top-level domain";
        }

        var lists = Loaded.Value;
        if (lists.Exceptions.Contains(suffix))
        {
            return null;
        }

        if (lists.Exact.Contains(suffix) || lists.Wildcards.Contains(suffix[(dot + 1)..]))
        {
            return $"anyone can get a name below '{suffix}'";
        }

        for (var rest = suffix; rest.Length > 0; rest = Parent(rest))
        {
            if (lists.Zones.Contains(rest))
            {
                return $"names of other customers exist below '{rest}'";
            }
        }

        return lists.Wildcards.Contains(suffix) || lists.Parents.Contains(suffix)
            ? $"names of other customers exist below '{suffix}'"
            : null;
    }

    private static Lists Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException("The public suffix list is missing from the assembly.");
        using var reader = new StreamReader(stream);
        var exact = new HashSet<string>(StringComparer.Ordinal);
        var wildcards = new HashSet<string>(StringComparer.Ordinal);
        var exceptions = new HashSet<string>(StringComparer.Ordinal);
        var zones = new HashSet<string>(StringComparer.Ordinal);
        var parents = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            switch (line[0])
            {
                case '!':
                    exceptions.Add(line[1..]);
                    continue;
                case '*' when line[1] == '*':
                    zones.Add(line[3..]);
                    break;
                case '*':
                    wildcards.Add(line[2..]);
                    break;
                default:
                    exact.Add(line);
                    break;
            }

            AddParents(line, parents);
        }

        return new Lists(
            exact.ToFrozenSet(StringComparer.Ordinal),
            wildcards.ToFrozenSet(StringComparer.Ordinal),
            exceptions.ToFrozenSet(StringComparer.Ordinal),
            zones.ToFrozenSet(StringComparer.Ordinal),
            parents.ToFrozenSet(StringComparer.Ordinal));
    }

    private static string Parent(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? string.Empty : name[(dot + 1)..];
    }

    private static void AddParents(string line, HashSet<string> parents)
    {
        for (var dot = line.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = line.IndexOf('.', dot + 1))
        {
            parents.Add(line[(dot + 1)..]);
        }
    }

    private sealed record Lists(
        FrozenSet<string> Exact,
        FrozenSet<string> Wildcards,
        FrozenSet<string> Exceptions,
        FrozenSet<string> Zones,
        FrozenSet<string> Parents);
}
