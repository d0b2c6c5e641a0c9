using System.Collections;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DuckDB.NET.Data;
using LangGuard.Data;

namespace LangGuard.DuckDb;

/// <summary>The engine's rows together with the command that they belong to, as plain data: the driver gives binary values as
/// streams over memory of the engine's own, which is gone with the next rows.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "Named after the type of the platform that it stands for.")]
internal sealed class DuckDbEngineReader(DuckDBDataReader inner, DuckDBCommand command, Action whenDone, bool hasBounds) : DbDataReader
{
    private bool _isDisposed;

    /// <summary>The driver takes the end of a stream for an error when it is asked for rows again.</summary>
    private bool _hasEnded = !inner.HasRows;

    public override int Depth => 0;

    public override int FieldCount => inner.FieldCount;

    public override bool HasRows => inner.HasRows;

    public override bool IsClosed => inner.IsClosed;

    public override int RecordsAffected => inner.RecordsAffected;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read()
    {
        _hasEnded = _hasEnded || !inner.Read();
        return !_hasEnded;
    }

    public override bool NextResult() => false;

    public override bool GetBoolean(int ordinal) => inner.GetBoolean(ordinal);

    public override byte GetByte(int ordinal) => inner.GetByte(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
    {
        var bytes = GetFieldValue<byte[]>(ordinal);
        return buffer is null ? bytes.Length : DbValues.Copy<byte>(bytes, dataOffset, buffer, bufferOffset, length);
    }

    public override char GetChar(int ordinal) => inner.GetString(ordinal) is [var letter] ? letter : throw new InvalidCastException();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length)
    {
        var text = inner.GetString(ordinal);
        return buffer is null ? text.Length : DbValues.Copy<char>(text, dataOffset, buffer, bufferOffset, length);
    }

    public override string GetDataTypeName(int ordinal) => inner.GetDataTypeName(ordinal);

    public override DateTime GetDateTime(int ordinal) => inner.GetDateTime(ordinal);

    public override decimal GetDecimal(int ordinal) => inner.GetDecimal(ordinal);

    public override double GetDouble(int ordinal) => inner.GetDouble(ordinal);

    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: false);

    [return: DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    public override Type GetFieldType(int ordinal) => DuckDbValues.TypeOf(inner.GetFieldType(ordinal));

    /// <summary>A value of a type of the platform's own. The driver would also fill types of the caller's, whose size nobody
    /// could count.</summary>
    public override T GetFieldValue<T>(int ordinal)
    {
        if (typeof(T).IsValueType || typeof(T) == typeof(string))
        {
            return inner.GetFieldValue<T>(ordinal);
        }

        return GetValue(ordinal) is T value
            ? value
            : throw new InvalidCastException($"The value can not be read as {typeof(T).Name}.");
    }

    public override float GetFloat(int ordinal) => inner.GetFloat(ordinal);

    public override Guid GetGuid(int ordinal) => inner.GetGuid(ordinal);

    public override short GetInt16(int ordinal) => inner.GetInt16(ordinal);

    public override int GetInt32(int ordinal) => inner.GetInt32(ordinal);

    public override long GetInt64(int ordinal) => inner.GetInt64(ordinal);

    public override string GetName(int ordinal) => hasBounds ? SqlBound.WithoutBounds(inner.GetName(ordinal)) : inner.GetName(ordinal);

    public override int GetOrdinal(string name)
    {
        for (var i = 0; i < FieldCount; i++)
        {
            if (string.Equals(GetName(i), name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such column.");
    }

    public override string GetString(int ordinal) => inner.GetString(ordinal);

    public override object GetValue(int ordinal) => DuckDbValues.Plain(inner.GetValue(ordinal));

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var i = 0; i < count; i++)
        {
            values[i] = GetValue(i);
        }

        return count;
    }

    public override bool IsDBNull(int ordinal) => inner.IsDBNull(ordinal);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{FieldCount} columns");

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            try
            {
                inner.Dispose();
            }
            finally
            {
                command.Dispose();
                whenDone();
            }
        }

        base.Dispose(disposing);
    }
}
