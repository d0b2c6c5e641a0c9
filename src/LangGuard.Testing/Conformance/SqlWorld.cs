using System.Data.Common;
using System.Globalization;
using LangGuard.Data;

#pragma warning disable RS0030 // A folder of its own, looked at without a guard.

namespace LangGuard.Testing.Conformance;

/// <summary>Where the statements of a run go: a copy that is made anew whenever one changes it, or the database itself where the
/// engine makes none.</summary>
internal sealed class SqlWorld : IDisposable
{
    private readonly DatabaseEngine _original;
    private readonly DbDataSource? _owner;
    private readonly string _folder;
    private DatabaseCopy? _copy;
    private DbConnection? _watch;
    private object? _version;

    /// <param name="original">The engine of the policy; it stays open.</param>
    /// <param name="owner">Sees everything, where there is no copy; or null.</param>
    /// <param name="folder">An empty folder, in which no statement may make a file.</param>
    public SqlWorld(DatabaseEngine original, DbDataSource? owner, string folder)
    {
        (_original, _owner, _folder) = (original, owner, folder);
        Renew();
    }

    /// <summary>The engine that the guard of the test uses.</summary>
    public DatabaseEngine Engine => _copy?.Engine ?? _original;

    /// <summary>Whether a statement can be run without a guard, because nobody else sees what it does.</summary>
    public bool IsOwn => _copy is not null;

    /// <summary>Opens a connection that sees everything; null where there is none.</summary>
    public DbConnection? Connect() => _copy?.Connect() ?? _owner?.OpenConnection();

    /// <summary>Whether the last statement changed something. Afterwards everything is as it was at first.</summary>
    public bool TakeChange()
    {
        if (_watch is null || (Equals(Version(), _version) && Directory.GetFileSystemEntries(_folder).Length == 0))
        {
            return false;
        }

        Renew();
        return true;
    }

    /// <summary>The rows of each table, where there is no copy to watch.</summary>
    public string? Count(SqlSubject subject)
    {
        if (IsOwn || Connect() is not { } connection)
        {
            return null;
        }

        using (connection)
        {
            return string.Join('\n', subject.Tables.Where(table => !table.IsView).Select(table =>
            {
                var rows = SqlRun.Of(connection, $"SELECT count(*) FROM {subject.Text.Name(table)}", 1);
                return $"{table}: {rows.Error?.GetType().Name ?? rows.Rows[0]}";
            }));
        }
    }

    public void Dispose() => Release();

    private void Renew()
    {
        Release();
        foreach (var made in Directory.GetFiles(_folder))
        {
            File.Delete(made);
        }

        _copy = _original.Copy();
        _watch = _copy?.Connect();
        _version = _watch is null ? null : Version();
    }

    private void Release()
    {
        _watch?.Dispose();
        _copy?.Dispose();
    }

    // Another connection's commit shows in this number.
    private string? Version() => SqlRun.Of(_watch!, "PRAGMA data_version", 1) is { Error: null } run
        ? string.Create(CultureInfo.InvariantCulture, $"{run.Rows[0]}") : null;
}
