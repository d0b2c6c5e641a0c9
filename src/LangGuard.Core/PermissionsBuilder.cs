using LangGuard.Permissions;

namespace LangGuard;

/// <summary>Says what an agent may touch. Everything else is denied.</summary>
public sealed partial class PermissionsBuilder
{
    private readonly PolicyBuilder _policy;

    internal PermissionsBuilder(PolicyBuilder policy) => _policy = policy;

    internal PolicyBuilder Policy => _policy;

    private PermissionOptions Options => _policy.Options.LimitPermissions;

    /// <summary>Grants verbs in one directory.</summary>
    /// <param name="name">The name that the agent sees; unique.</param>
    /// <param name="root">The directory on the host. Must exist and not be a file system root.</param>
    /// <param name="configure">Says which verbs on which names.</param>
    public PermissionsBuilder Files(string name, string root, Action<FileRootBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = Add(Options.Files, "Files", name, new FileRootOptions { Root = root });
        configure(new FileRootBuilder(options));
        return this;
    }

    /// <summary>Grants endpoints.</summary>
    /// <param name="rule">The rule, such as <c>GET https://api.contoso.test/v1/orders/{id}</c>.</param>
    /// <param name="configure">Says more about the rule.</param>
    public PermissionsBuilder Http(string rule, Action<HttpRuleBuilder>? configure = null)
    {
        var options = Add(Options.Http, "Http", rule, new HttpRuleOptions { Rule = rule });
        configure?.Invoke(new HttpRuleBuilder(options));
        return this;
    }

    /// <summary>Grants statements on one database.</summary>
    /// <param name="name">The name that the agent sees; unique.</param>
    /// <param name="configure">Says which tables, columns and rows.</param>
    public PermissionsBuilder Database(string name, Action<DatabaseBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = Add(Options.Database, "Database", name, new DatabaseOptions());
        configure(new DatabaseBuilder(_policy, name, options));
        return this;
    }

    /// <summary>Says where a database is whose permissions stand in configuration, which holds no connection string. Comes after
    /// the configuration has been read.</summary>
    /// <param name="name">The name of the database in the policy.</param>
    /// <param name="source">Names the source, for instance <c>db.UseSqlite(path)</c>.</param>
    public PermissionsBuilder DatabaseSource(string name, Action<DatabaseBuilder> source)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(source);
        if (Options.Database.TryGetValue(name, out var options))
        {
            source(new DatabaseBuilder(_policy, name, options));
        }
        else
        {
            _policy.Errors.Add(
                $"LimitPermissions:Database:{name}", name, "The database has a source and no permissions.", "Read the configuration first, or correct the name.");
        }

        return this;
    }

    /// <summary>Grants a function.</summary>
    /// <param name="name">The exact name of the function; unique.</param>
    /// <param name="configure">Says which arguments; unlisted arguments are denied.</param>
    public PermissionsBuilder Function(string name, Action<FunctionBuilder>? configure = null)
    {
        var options = Add(Options.Functions, "Functions", name, new FunctionOptions());
        configure?.Invoke(new FunctionBuilder(options));
        return this;
    }

    private T Add<T>(IDictionary<string, T> entries, string surface, string name, T options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!entries.TryAdd(name, options))
        {
            _policy.Errors.Add(
                $"LimitPermissions:{surface}:{name}", name, "The name is given twice.", "Use another name, or keep one.");
        }

        return options;
    }
}
