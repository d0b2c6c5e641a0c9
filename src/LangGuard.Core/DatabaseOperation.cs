using System.Globalization;
using LangGuard.Data;
using LangGuard.Misuse;

namespace LangGuard;

/// <summary>One SQL statement on one database.</summary>
public sealed class DatabaseOperation : Operation
{
    /// <summary>Creates a database operation that has not been inspected, and is therefore denied.</summary>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="effects">What the statement does.</param>
    /// <param name="database">The name of the database in the policy.</param>
    /// <param name="statement">The statement text.</param>
    public DatabaseOperation(Principal principal, Effects effects, string database, string statement)
        : base(Surface.Database, effects, principal)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(database);
        ArgumentNullException.ThrowIfNull(statement);
        Database = database;
        Statement = statement;
    }

    internal DatabaseOperation(
        Principal principal, string database, string statement, SqlFacts facts, string defaultSchema, string parameters,
        bool isPreview = false)
        : this(principal, isPreview ? Effects.Read : EffectsOf(facts), database, statement)
    {
        IsPreview = isPreview;
        Facts = facts;
        DefaultSchema = defaultSchema;
        Parameters = parameters;
    }

    /// <summary>A change of the schema that the policy names.</summary>
    internal static DatabaseOperation Migrating(Principal principal, string database, string migration, string statement, string? place) =>
        new(principal, Effects.Write | Effects.Delete | Effects.Privilege, database, statement) { Migration = migration, Place = place };

    /// <summary>The name of the database in the policy.</summary>
    public string Database { get; }

    /// <summary>The statement text.</summary>
    public string Statement { get; }

    /// <summary>What the inspector found, or null when it did not understand the text.</summary>
    internal SqlFacts? Facts { get; }

    internal string DefaultSchema { get; } = string.Empty;

    /// <summary>The values of the parameters, for an approval: it is bound to them too.</summary>
    internal string Parameters { get; } = string.Empty;

    /// <summary>The values that are bytes, which <see cref="Parameters"/> names by their hash alone.</summary>
    internal IReadOnlyList<byte[]> Blobs { get; init; } = [];

    /// <summary>How many rows change, where a preview has counted them and the commit is bound to them.</summary>
    internal int? PreviewedRows { get; init; }

    /// <summary>The name of the migration, or null for any other statement.</summary>
    internal string? Migration { get; private init; }

    /// <summary>Whether the change is only tried, shown and taken back. The same is granted as for the change itself.</summary>
    internal bool IsPreview { get; }

    /// <inheritdoc />
    public override string Resource => Facts is null
        ? Migration is null ? Database : $"{Database}: migration {Migration}"
        : $"{Database}: {(IsPreview ? "preview of " : string.Empty)}{Facts.Kind} {string.Join(", ", Facts.Tables.Select(table => table.Name).Distinct(StringComparer.Ordinal))}";

    /// <inheritdoc />
    public override string CanonicalEffect => $"{base.CanonicalEffect}\n{Statement}\n{Parameters}";

    private static Effects EffectsOf(SqlFacts facts)
    {
        var effects = facts.ReturnsRows ? Effects.Read : Effects.None;
        effects |= (facts.Uses & (SqlUse.Insert | SqlUse.Update)) != 0 ? Effects.Write : Effects.None;
        return effects | ((facts.Uses & SqlUse.Delete) != 0 ? Effects.Delete : Effects.None);
    }

    internal override OperationPreview Preview() => PreviewedRows is { } rows
        ? new(string.Create(CultureInfo.InvariantCulture, $"{rows} rows, as the preview showed them"))
        : default;

    internal override string Source => Database;

    /// <summary>Where the database is, whatever a policy calls it; null when that is not known.</summary>
    internal string? Place { get; init; }

    internal override string StoredAs => $"Database:{Place ?? Database}";

    internal override bool IsStoredForAll => Place is not null;

    /// <summary>Only inserts, which lose nothing. What the inspector did not understand counts as changing or removing rows.</summary>
    internal override bool IsAdditive =>
        Facts is not null && (Effects & ~(Effects.Read | Effects.Write)) == 0 && (Facts.Uses & (SqlUse.Update | SqlUse.Delete)) == 0
        && !Statement.Contains("replace", StringComparison.OrdinalIgnoreCase);

    internal override void AddTo(ref OperationHash hash)
    {
        hash.Add((int)Effects);
        hash.Add(Database);
        hash.Add(Statement);
        hash.Add(Parameters);
    }
}
