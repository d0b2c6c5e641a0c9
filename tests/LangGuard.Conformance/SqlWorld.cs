using System.Data.Common;
using LangGuard.Permissions;

namespace LangGuard.Conformance;

/// <summary>One real database with the rows of one schema of the corpus and the rights of one policy.</summary>
internal abstract class SqlWorld : IDisposable
{
    private readonly Dictionary<string, Policy> _policies = new(StringComparer.Ordinal);
    private string? _before;
    private string? _sharedBefore;

    /// <summary>Whether anything is other than when it was first looked at.</summary>
    public bool IsChanged
    {
        get
        {
            try
            {
                return Fingerprint() != (_before ?? throw new InvalidOperationException("Nobody has looked at it before."))
                    || Shared() != _sharedBefore;
            }
            catch (DbException)
            {
                // A view without its table, for example.
                return true;
            }
        }
    }

    /// <summary>Everything that a case may change: rows, objects, rights, files beside the database.</summary>
    public abstract string Fingerprint();

    /// <summary>Looks at what there is: once at its own, each time at what others change too.</summary>
    public void Remember()
    {
        _before ??= Fingerprint();
        _sharedBefore = Shared();
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
}
