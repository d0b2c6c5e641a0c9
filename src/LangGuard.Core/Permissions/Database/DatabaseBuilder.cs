namespace LangGuard.Permissions;

/// <summary>Says which tables, columns and rows of one database an agent may use.</summary>
public sealed class DatabaseBuilder
{
    internal DatabaseBuilder(PolicyBuilder policy, string name, DatabaseOptions options)
    {
        Policy = policy;
        Name = name;
        Options = options;
    }

    internal PolicyBuilder Policy { get; }

    internal string Name { get; }

    internal DatabaseOptions Options { get; }
}
