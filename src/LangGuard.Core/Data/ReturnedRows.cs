using System.Collections;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace LangGuard.Data;

/// <summary>The rows that a change returned, read before the change was made to last: nobody sees a row of a change that is
/// taken back.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "Named after what it holds.")]
internal sealed class ReturnedRows : DbDataReader
{
    private (string Name, Type Type, string TypeName)[] _columns;
    private List<object?[]> _rows;
    private Queue<ReturnedRows>? _next;
    private int _affected = -1;
    private int _at = -1;
    private bool _isClosed;

    private ReturnedRows((string Name, Type Type, string TypeName)[] columns, List<object?[]> rows)
    {
        _columns = columns;
        _rows = rows;
    }

    public override int Depth => 0;

    public override int FieldCount => _columns.Length;

    public override bool HasRows => _rows.Count > 0;

    public override bool IsClosed => _isClosed;

    public override int RecordsAffected => _affected;

    internal int Count => _rows.Count;

    /// <summary>The keys of the rows, for the guard alone.</summary>
    internal IReadOnlyList<object?[]> Keys { get; private init; } = [];

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    /// <summary>No rows and no columns: what a change without RETURNING gives.</summary>
    internal static ReturnedRows None() => new([], []);

    /// <summary>Several results as one reader shows them.</summary>
    internal static ReturnedRows Chain(IEnumerable<ReturnedRows> results, int affected)
    {
        var next = new Queue<ReturnedRows>(results);
        var first = next.TryDequeue(out var found) ? found : None();
        first._next = next;
        first._affected = affected;
        return first;
    }

    /// <summary>Reads all rows of a result.</summary>
    /// <param name="reader">The engine's reader.</param>
    /// <param name="statement">Says how much may be returned.</param>
    /// <param name="hidden">How many columns behind those of the statement are the guard's own. Each must be true. The key of
    /// the row follows where the statement asks for it.</param>
    /// <param name="maxRows">Rows at most, also where nothing of them is returned.</param>
    /// <param name="refusal">Why nothing may be changed, or 0.</param>
    internal static ReturnedRows Read(DbDataReader reader, EngineStatement statement, int hidden, int maxRows, out int refusal)
    {
        refusal = 0;
        if (statement.Facts is { } facts && !ResultShape.IsAsInspected(reader, facts))
        {
            refusal = DatabaseEngineSession.OtherColumns;
            return None();
        }

        var columns = new (string, Type, string)[Math.Max(reader.FieldCount - hidden - statement.KeyColumns, 0)];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = (reader.GetName(i), reader.GetFieldType(i), reader.GetDataTypeName(i));
        }

        var rows = new List<object?[]>();
        var keys = new List<object?[]>();
        var bytes = 0L;
        while (reader.Read())
        {
            for (var i = columns.Length; i < reader.FieldCount - statement.KeyColumns; i++)
            {
                refusal = reader.GetValue(i) is true or 1 or 1L ? refusal : DatabaseEngineSession.OutOfScope;
            }

            var row = new object?[columns.Length];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.GetValue(i);
                bytes += DbValues.SizeOf(row[i]);
            }

            if (statement.KeyColumns > 0)
            {
                var key = new object?[statement.KeyColumns];
                for (var i = 0; i < key.Length; i++)
                {
                    key[i] = reader.GetValue(reader.FieldCount - key.Length + i);
                }

                keys.Add(key);
            }

            rows.Add(row);
            if (rows.Count > maxRows)
            {
                refusal = -1;
            }
            else if (columns.Length > 0 && (rows.Count > statement.MaxRows || bytes > statement.MaxBytes))
            {
                refusal = rows.Count > statement.MaxRows ? DatabaseEngineSession.TooManyRows : DatabaseEngineSession.TooManyBytes;
            }

            if (refusal != 0)
            {
                break;
            }
        }

        return new ReturnedRows(columns, rows) { Keys = keys };
    }

    public override bool Read() => ++_at < _rows.Count;

    [SuppressMessage("Reliability", "CA2000", Justification = "Its rows become those of this reader; it holds nothing else.")]
    public override bool NextResult()
    {
        if (_next is null || !_next.TryDequeue(out var next))
        {
            _at = _rows.Count;
            return false;
        }

        (_columns, _rows, _at) = (next._columns, next._rows, -1);
        return true;
    }

    public override bool GetBoolean(int ordinal) => GetFieldValue<bool>(ordinal);

    public override byte GetByte(int ordinal) => GetFieldValue<byte>(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
    {
        var bytes = GetFieldValue<byte[]>(ordinal);
        return buffer is null ? bytes.Length : DbValues.Copy<byte>(bytes, dataOffset, buffer, bufferOffset, length);
    }

    public override char GetChar(int ordinal) => GetFieldValue<char>(ordinal);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length)
    {
        var text = GetString(ordinal);
        return buffer is null ? text.Length : DbValues.Copy<char>(text, dataOffset, buffer, bufferOffset, length);
    }

    public override string GetDataTypeName(int ordinal) => _columns[ordinal].TypeName;

    public override DateTime GetDateTime(int ordinal) => GetFieldValue<DateTime>(ordinal);

    public override decimal GetDecimal(int ordinal) => GetFieldValue<decimal>(ordinal);

    public override double GetDouble(int ordinal) => GetFieldValue<double>(ordinal);

    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: false);

    [return: DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    [UnconditionalSuppressMessage("Trimming", "IL2078", Justification = "The types are those that the driver named, plain data.")]
    public override Type GetFieldType(int ordinal) => _columns[ordinal].Type;

    public override T GetFieldValue<T>(int ordinal) => DbValues.To<T>(GetValue(ordinal));

    public override float GetFloat(int ordinal) => GetFieldValue<float>(ordinal);

    public override Guid GetGuid(int ordinal) => GetFieldValue<Guid>(ordinal);

    public override short GetInt16(int ordinal) => GetFieldValue<short>(ordinal);

    public override int GetInt32(int ordinal) => GetFieldValue<int>(ordinal);

    public override long GetInt64(int ordinal) => GetFieldValue<long>(ordinal);

    public override string GetName(int ordinal) => _columns[ordinal].Name;

    public override int GetOrdinal(string name)
    {
        var index = Array.FindIndex(_columns, column => string.Equals(column.Name, name, StringComparison.Ordinal));
        index = index >= 0
            ? index
            : Array.FindIndex(_columns, column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index : throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such column.");
    }

    public override string GetString(int ordinal) => GetFieldValue<string>(ordinal);

    public override object GetValue(int ordinal) => _at >= 0 && _at < _rows.Count
        ? _rows[_at][ordinal] ?? DBNull.Value
        : throw new InvalidOperationException("There is no current row.");

    public override int GetValues(object[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var count = Math.Min(values.Length, FieldCount);
        for (var i = 0; i < count; i++)
        {
            values[i] = GetValue(i);
        }

        return count;
    }

    public override bool IsDBNull(int ordinal) => GetValue(ordinal) is DBNull;

    protected override void Dispose(bool disposing)
    {
        _isClosed = true;
        base.Dispose(disposing);
    }
}
