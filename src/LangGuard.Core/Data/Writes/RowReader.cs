using System.Globalization;
using System.Text;

namespace LangGuard.Data;

/// <summary>Reads rows of one table by their keys, in a form that can be written back: SQLite's values carry their own type,
/// PostgreSQL's are texts that are cast to it.</summary>
internal sealed class RowReader(SqlDialect dialect, SqlTable table, TableDetails details)
{
    /// <summary>Keys in one statement.</summary>
    private const int KeysAtOnce = 50;

    internal SqlTable Table => table;

    internal TableDetails Details => details;

    internal string TableName => $"{Quote(table.Schema)}.{Quote(table.Name)}";

    private bool IsSqlite => dialect == SqlDialect.Sqlite;

    /// <summary>A key column behind RETURNING. SQLite knows no alias there, and PostgreSQL may know several tables.</summary>
    internal string Returned(string column, string alias) =>
        IsSqlite ? Quote(column) : $"CAST({Quote(alias)}.{Quote(column)} AS text)";

    /// <summary>The parameter of a value, as the column takes it.</summary>
    internal string Mark(int number, string column) => IsSqlite
        ? string.Create(CultureInfo.InvariantCulture, $"@p{number}")
        : string.Create(CultureInfo.InvariantCulture, $"CAST(${number} AS {details.Types[table.IndexOf(column)]})");

    internal static KeyValuePair<string, object?> Parameter(int number, object? value) =>
        new(string.Create(CultureInfo.InvariantCulture, $"@p{number}"), value);

    /// <summary>Whether every part of a key has a value: SQLite lets keys be NULL, and then they name no row.</summary>
    internal static bool IsKey(object?[] key) => !Array.Exists(key, part => part is null or DBNull);

    /// <summary>Reads rows.</summary>
    /// <param name="lease">Where; inside its transaction.</param>
    /// <param name="keys">Their keys.</param>
    /// <param name="columns">What of them.</param>
    /// <param name="limits">Bytes and time that may be used.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The rows that exist.</returns>
    internal RowImages Read(
        DatabaseEngineSession lease, IReadOnlyList<object?[]> keys, IReadOnlyList<string> columns, in RowLimits limits,
        CancellationToken cancellationToken)
    {
        var images = new RowImages(columns);
        var bytes = 0L;
        foreach (var some in keys.Chunk(KeysAtOnce))
        {
            using var reader = lease.Query(Select(some, columns, limits.Timeout), cancellationToken);
            while (reader.Read())
            {
                var key = new object?[details.Key.Count];
                var values = new object?[columns.Count];
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    var value = reader.GetValue(i);
                    bytes += DbValues.SizeOf(value);
                    if (i < key.Length)
                    {
                        key[i] = value;
                    }
                    else
                    {
                        values[i - key.Length] = value is DBNull ? null : value;
                    }
                }

                if (bytes > limits.MaxBytes)
                {
                    throw new RowsTooLargeException();
                }

                images.Add(key, values);
            }
        }

        return images;
    }

    private EngineStatement Select(object?[][] keys, IReadOnlyList<string> columns, TimeSpan timeout)
    {
        var text = new StringBuilder("SELECT ")
            .AppendJoin(", ", details.Key.Concat(columns).Select(column => IsSqlite ? Quote(column) : $"CAST({Quote(column)} AS text)"))
            .Append(" FROM ").Append(TableName).Append(" WHERE ");
        var parameters = new List<KeyValuePair<string, object?>>();
        AppendKeys(text, keys, parameters);
        return new EngineStatement(text.ToString(), parameters, timeout) { IsOwn = true };
    }

    /// <summary>A condition that these keys and no others meet.</summary>
    internal void AppendKeys(StringBuilder text, object?[][] keys, List<KeyValuePair<string, object?>> parameters)
    {
        var isSingle = details.Key.Count == 1;
        text.Append(isSingle ? Quote(details.Key[0]) : $"({string.Join(", ", details.Key.Select(Quote))})")
            .Append(IsSqlite && !isSingle ? " IN (VALUES " : " IN (");
        for (var row = 0; row < keys.Length; row++)
        {
            text.Append(row == 0 ? string.Empty : ", ").Append(isSingle ? string.Empty : "(");
            for (var i = 0; i < keys[row].Length; i++)
            {
                parameters.Add(Parameter(parameters.Count + 1, keys[row][i]));
                text.Append(i == 0 ? string.Empty : ", ").Append(Mark(parameters.Count, details.Key[i]));
            }

            text.Append(isSingle ? string.Empty : ")");
        }

        text.Append(')');
    }

    internal static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
