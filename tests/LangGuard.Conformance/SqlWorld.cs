using System.Data.Common;
using LangGuard.Permissions;

namespace LangGuard.Conformance;

/// <summary>One real database with the rows of one schema of the corpus and the rights of one policy.</summary>
internal abstract class SqlWorld : IDisposable
{
    private readonly Dictionary<string, Policy> _policies = new(StringComparer.Ordinal);
    private string? _before;
    private string? _sharedBefore;

    /// <summary>The folder that stands for /tmp in the texts of the corpus.</summary>
    public string Outside { get; set; } = "/tmp/";

    /// <summary>The text of a case as it runs here.</summary>
    public string TextOf(SqlCase test) => test.Sql.Replace("/tmp/", Outside, StringComparison.Ordinal);

    /// <summary>Where something is other than when it was first looked at, or null.</summary>
    public string? Change()
    {
        try
        {
            return Difference(_before ?? throw new InvalidOperationException("Nobody has looked at it before."), Fingerprint())
                ?? Difference(_sharedBefore!, SharedAndOutside());
        }
        catch (DbException failed)
        {
            // A view without its table, for example.
            return failed.Message;
        }
    }

    /// <summary>Everything that a case may change: rows, objects, rights, files beside the database.</summary>
    public abstract string Fingerprint();

    /// <summary>Looks at what there is: once at its own, each time at what others change too.</summary>
    public void Remember()
    {
        _before ??= Fingerprint();
        _sharedBefore = SharedAndOutside();
    }

    /// <summary>The policy of a case on this database without some walls. All cases that it serves say the same.</summary>
    public Policy PolicyOf(SqlCase test, AblatedWalls off)
    {
        var key = string.Join(',', off.Walls);
        if (!_policies.TryGetValue(key, out var policy))
        {
            _policies[key] = policy = Policy.Create(guard =>
            {
                off.Apply(guard);
                guard.LimitPermissions(allow => allow.Database("db", db =>
                {
                    Use(db);
                    test.Apply(db);
                }));
            });
        }

        return policy;
    }

    /// <summary>Names the database as the source of a policy.</summary>
    public abstract void Use(DatabaseBuilder database);

    /// <summary>A connection of the engine's own provider, privileged and unguarded.</summary>
    public abstract DbConnection OpenUnguarded();

    public abstract void Dispose();

    /// <summary>What a case may change of the server that other databases have in common with this one.</summary>
    protected virtual string Shared() => string.Empty;

    private string SharedAndOutside() =>
        $"{Shared()} {string.Join('|', Directory.EnumerateFileSystemEntries(Outside).Select(file => $"{file} {File.GetLastWriteTimeUtc(file).Ticks}").Order(StringComparer.Ordinal))}";

    private static string? Difference(string before, string after)
    {
        var same = before.AsSpan().CommonPrefixLength(after);
        return before == after ? null : $"'{Around(before, same)}' has become '{Around(after, same)}'";
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 20)..Math.Min(text.Length, at + 60)];
}
