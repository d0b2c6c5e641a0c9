using System.Text.Json.Serialization;

namespace LangGuard.Auditing;

/// <summary>Where and how decisions and outcomes are recorded.</summary>
internal sealed class AuditOptions
{
    /// <summary>The folder of the audit file: the host's own, outside every root, not a link, writable by nobody else.
    /// It is made when it does not exist. Null: no file. Default: null.</summary>
    public string? Folder { get; set; }

    /// <summary>The absolute path of a SQLite database of the host that records too. It needs <c>audit.ToSqlite()</c> of the package
    /// <c>LangGuard.Sqlite</c>. Default: null.</summary>
    public string? SqlitePath { get; set; }

    /// <summary>The connection string of a PostgreSQL database that records too, with a login of its own. It needs
    /// <c>audit.ToPostgreSql()</c> of the package <c>LangGuard.PostgreSql</c>. Default: null.</summary>
    [JsonIgnore] // It can hold a password, and the hash of a policy is in every record.
    public string? PostgreSqlConnection { get; set; }

    /// <summary>The mode for operations that <see cref="DurableFor"/> does not name. Default: write ahead.</summary>
    public AuditMode Mode { get; set; } = AuditMode.WriteAhead;

    /// <summary>Operations with any of these effects, and every approved one, are on the disk before they run. Default:
    /// deletes, sends, payments and changes of rights.</summary>
    public Effects DurableFor { get; set; } = Effects.Delete | Effects.Send | Effects.Pay | Effects.Privilege;
}
