using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LangGuard.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LangGuard.Sqlite;

/// <summary>What a compiled query really opens and reads, by the engine's own program (<c>EXPLAIN</c>). The authorizer is not
/// asked for columns that are joined by <c>USING</c> or <c>NATURAL</c>; the program names them all the same.</summary>
/// <param name="handle">The connection.</param>
/// <param name="engine">The file.</param>
internal sealed class SqliteProgram(sqlite3 handle, DatabaseEngine engine)
{
    private const int Virtual = 2;

    private readonly Dictionary<int, (string Table, string?[] Columns)> _roots = [];
    private SqlSchema? _schema;

    /// <summary>Whether a text may hold a join that the authorizer does not see whole.</summary>
    internal static bool HasHiddenReads(string text) =>
        text.Contains("using", StringComparison.OrdinalIgnoreCase) || text.Contains("natural", StringComparison.OrdinalIgnoreCase);

    /// <summary>The tables and columns that a query reads; the column is empty for a table that is opened.</summary>
    internal HashSet<(string Table, string Column)> ReadsOf(string text)
    {
        if (!ReferenceEquals(_schema, engine.Schema))
        {
            _schema = engine.Schema;
            _roots.Clear();
        }

        var reads = new HashSet<(string, string)>();
        var cursors = new Dictionary<int, (string Table, string?[] Columns)>();
        var steps = Rows("EXPLAIN " + text);
        var copied = CopiesOf(steps);
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var (operation, cursor, place) = (step[1]!, At(step, 2), At(step, 3));
            if (operation is "OpenRead" or "OpenWrite" or "ReopenIdx")
            {
                cursors[cursor] = At(step, 4) == 0 ? RootAt(place) : ("temp." + step[3], [null]);
                reads.Add((cursors[cursor].Table, string.Empty));
            }
            else if (cursors.TryGetValue(cursor, out var opened))
            {
                var used = ColumnsOf(operation, place, step[5], opened.Columns);
                if (copied.TryGetValue(i, out var copy))
                {
                    // Only what is read from the copy counts.
                    cursors.TryAdd(copy.Cursor, (opened.Table, new string?[copy.Width + 1]));
                    cursors[copy.Cursor].Columns[copy.Place] = used.SingleOrDefault();
                }
                else
                {
                    reads.UnionWith(used.OfType<string>().Select(column => (opened.Table, column)));
                }
            }
        }

        return reads;
    }

    /// <summary>The steps that copy a column, or what finds its row again, into an index that the engine makes for one query: into
    /// which one, and where.</summary>
    private static Dictionary<int, (int Cursor, int Place, int Width)> CopiesOf(List<string?[]> steps)
    {
        var made = steps.Where(step => step[1] == "OpenAutoindex").Select(step => At(step, 2)).ToHashSet();
        var copies = new Dictionary<int, (int, int, int)>();
        for (var i = 0; i < steps.Count && made.Count > 0; i++)
        {
            var insert = steps[i][1] == "MakeRecord" ? steps.Skip(i + 1).Take(3).FirstOrDefault(step => step[1] == "IdxInsert") : null;
            if (insert is null || !made.Contains(At(insert, 2)))
            {
                continue;
            }

            var (from, width) = (At(steps[i], 2), At(steps[i], 3));
            for (var j = i - 1; j >= 0 && steps[j][1] is not ("Rewind" or "OpenAutoindex"); j--)
            {
                var target = steps[j][1] switch
                {
                    "Column" => At(steps[j], 4),
                    "Rowid" => At(steps[j], 3),
                    _ => -1,
                };
                if (target >= from && target < from + width)
                {
                    copies[j] = (At(insert, 2), target - from, width);
                }
            }
        }

        return copies;
    }

    /// <summary>The columns that a step uses: one that is read, or the key that is searched for.</summary>
    private static string?[] ColumnsOf(string operation, int place, string? keys, string?[] columns) => operation switch
    {
        "Column" when place >= 0 && place < columns.Length - 1 => [columns[place]],
        "Rowid" or "SeekRowid" or "NotExists" => [columns[^1]],
        "SeekGE" or "SeekGT" or "SeekLE" or "SeekLT" or "IdxGE" or "IdxGT" or "IdxLE" or "IdxLT" or "Found" or "NotFound" or "NoConflict"
            when int.TryParse(keys, NumberStyles.None, CultureInfo.InvariantCulture, out var count) =>
            columns[..Math.Min(count, columns.Length - 1)],
        _ => [],
    };

    /// <summary>The table behind a page with its columns in the order in which they are stored; behind them, the one that stands
    /// for the row id, or null.</summary>
    private (string Table, string?[] Columns) RootAt(int page)
    {
        if (_roots.TryGetValue(page, out var known))
        {
            return known;
        }

        var entry = Rows("SELECT type, name, tbl_name FROM sqlite_schema WHERE rootpage = ?1", page).FirstOrDefault();
        if (entry is null)
        {
            return _roots[page] = page == 1 ? ("sqlite_master", [null]) : ("page " + page.ToString(CultureInfo.InvariantCulture), [null]);
        }

        var table = SqlNames.Fold(entry[2]!);
        var columns = Rows("SELECT name, hidden, type, pk FROM pragma_table_xinfo(?1)", entry[2]!).ToList();
        var isWithoutRowId = Rows("SELECT wr FROM pragma_table_list(?1) WHERE schema = 'main'", entry[2]!).Any(row => row[0] == "1");
        var index = entry[0] == "index" ? entry[1]
            : isWithoutRowId ? Rows("SELECT name FROM pragma_index_list(?1) WHERE origin = 'pk'", entry[2]!).First()[0] : null;
        var stored = index is not null
            ? Rows("SELECT name FROM pragma_index_xinfo(?1) ORDER BY seqno", index).Select(row => row[0])
            : columns.Where(row => row[1] != Virtual.ToString(CultureInfo.InvariantCulture)).Select(row => row[0]);
        var keys = columns.Where(row => row[3] != "0").ToList();
        var alias = !isWithoutRowId && keys is [[var name, _, var type, _]] && string.Equals(type, "INTEGER", StringComparison.OrdinalIgnoreCase) ? name : null;
        return _roots[page] = (table, [.. stored.Append(alias).Select(column => column is null ? null : SqlNames.Fold(column))]);
    }

    private static int At(string?[] step, int operand) => int.Parse(step[operand]!, CultureInfo.InvariantCulture);

    [SuppressMessage("Security", "CA2100", Justification = "EXPLAIN runs nothing of the text; the others are fixed.")]
    private List<string?[]> Rows(string text, params object[] values)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(handle, text, out var statement), handle);
        using (statement)
        {
            for (var i = 0; i < values.Length; i++)
            {
                _ = values[i] is int number ? raw.sqlite3_bind_int(statement, i + 1, number) : raw.sqlite3_bind_text(statement, i + 1, (string)values[i]);
            }

            var rows = new List<string?[]>();
            int result;
            while ((result = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
            {
                var row = new string?[raw.sqlite3_column_count(statement)];
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = raw.sqlite3_column_type(statement, i) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(statement, i).utf8_to_string();
                }

                rows.Add(row);
            }

            SqliteException.ThrowExceptionForRC(result == raw.SQLITE_DONE ? raw.SQLITE_OK : result, handle);
            return rows;
        }
    }
}
