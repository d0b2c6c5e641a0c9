using System.Collections;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>The rows of an allowed query. Returns true values or throws at a limit, never less without saying so.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "Named after the type of the platform that it stands for.")]
internal sealed class GuardedDbDataReader(
    DbDataReader inner, Permit permit, DatabaseOperation operation, IResultOwner owner, CommandBehavior behavior,
    int affected = -1)
    : DbDataReader
{
    private readonly DatabaseGrant _grant = (DatabaseGrant)permit.Grant;

    // Reserved, so that readers of one session that are open at the same time do not share the same rest.
    private readonly int _maxRows = owner.Source.Budget.ReserveRows(
        ((DatabaseGrant)permit.Grant).MaxRows, ((DatabaseGrant)permit.Grant).SessionRows);
    private long _rows;
    private long _bytes;
    private bool _failed;
    private bool _closed;

    /// <summary>Why nothing more is given out: a caller that goes on after a limit gets the same answer again.</summary>
    private DbAccessDeniedException? _denied;

    public override int Depth => 0;

    public override int FieldCount => Live().FieldCount;

    public override bool HasRows => Live().HasRows;

    public override bool IsClosed => _closed;

    public override int RecordsAffected => affected;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read()
    {
        if (owner.Source.Session.HasEnded)
        {
            throw Fail(new DbAccessDeniedException(Decision.Deny(Reasons.SessionEnded), operation));
        }

        bool more;
        try
        {
            more = Live().Read();
        }
        catch (Exception exception) when (owner.Translate(exception, operation) is { } translated)
        {
            throw Fail(translated);
        }

        if (more && ++_rows > _maxRows)
        {
            var reason = _maxRows < _grant.MaxRows ? DatabaseReasons.SessionRows : DatabaseReasons.RowLimit;
            throw Fail(new DbAccessDeniedException(Decision.Deny(reason), operation));
        }

        return more;
    }

    public override bool NextResult() => false;

    public override bool GetBoolean(int ordinal) => Count(Live().GetBoolean(ordinal), 1);

    public override byte GetByte(int ordinal) => Count(Live().GetByte(ordinal), 1);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
    {
        var read = Live().GetBytes(ordinal, dataOffset, buffer, bufferOffset, length);
        return CountPart(read, buffer is null ? 0 : read, dataOffset + read, buffer, bufferOffset);
    }

    public override char GetChar(int ordinal) => Count(Live().GetChar(ordinal), 2);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length)
    {
        var read = Live().GetChars(ordinal, dataOffset, buffer, bufferOffset, length);
        return CountPart(read, buffer is null ? 0 : read * 2, (dataOffset + read) * 2, buffer, bufferOffset);
    }

    public override string GetDataTypeName(int ordinal) => Live().GetDataTypeName(ordinal);

    public override DateTime GetDateTime(int ordinal) => Count(Live().GetDateTime(ordinal), 8);

    public override decimal GetDecimal(int ordinal) => Count(Live().GetDecimal(ordinal), 16);

    public override double GetDouble(int ordinal) => Count(Live().GetDouble(ordinal), 8);

    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: false);

    [return: DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    public override Type GetFieldType(int ordinal) => Live().GetFieldType(ordinal);

    public override T GetFieldValue<T>(int ordinal)
    {
        // A stream or reader of the driver would lead around the count.
        if (typeof(Stream).IsAssignableFrom(typeof(T)) || typeof(TextReader).IsAssignableFrom(typeof(T)))
        {
            throw new NotSupportedException("Use GetStream or GetTextReader.");
        }

        var value = Live().GetFieldValue<T>(ordinal);
        return Count(value, DbValues.SizeOf(value));
    }

    public override float GetFloat(int ordinal) => Count(Live().GetFloat(ordinal), 4);

    public override Guid GetGuid(int ordinal) => Count(Live().GetGuid(ordinal), 16);

    public override short GetInt16(int ordinal) => Count(Live().GetInt16(ordinal), 2);

    public override int GetInt32(int ordinal) => Count(Live().GetInt32(ordinal), 4);

    public override long GetInt64(int ordinal) => Count(Live().GetInt64(ordinal), 8);

    public override string GetName(int ordinal) => Live().GetName(ordinal);

    public override int GetOrdinal(string name) => Live().GetOrdinal(name);

    public override DataTable? GetSchemaTable() =>
        throw new NotSupportedException("The schema of a result is not available. Use GetName and GetFieldType.");

    public override Stream GetStream(int ordinal) => new MemoryStream(GetFieldValue<byte[]>(ordinal), writable: false);

    public override string GetString(int ordinal)
    {
        var value = Live().GetString(ordinal);
        return Count(value, DbValues.SizeOf(value));
    }

    public override TextReader GetTextReader(int ordinal) => new StringReader(GetString(ordinal));

    public override object GetValue(int ordinal)
    {
        var value = Live().GetValue(ordinal);
        return value is Stream or TextReader or DbDataReader
            ? throw new NotSupportedException("The driver returned an object that is not plain data.")
            : Count(value, DbValues.SizeOf(value));
    }

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

    public override bool IsDBNull(int ordinal) => Live().IsDBNull(ordinal);

    public override void Close()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        try
        {
            inner.Dispose();
        }
        catch (Exception exception) when (owner.Translate(exception, operation) is not null)
        {
            // Rows that nobody reads any more failed. The driver's text could quote them.
            _failed = true;
        }
        finally
        {
            owner.Source.Budget.SettleRows(_maxRows, _rows);
            permit.Complete(new OperationOutcome(
                _failed ? OutcomeStatus.Failed : OutcomeStatus.Succeeded, _bytes, 0, affected < 0 ? _rows : affected));
            owner.Release(behavior);
        }
    }

    protected override DbDataReader GetDbDataReader(int ordinal) =>
        throw new NotSupportedException("Nested results are not supported.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
        }

        base.Dispose(disposing);
    }

    private DbDataReader Live()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return _denied is { } denied ? throw denied : inner;
    }

    /// <summary>Counts a part of a value, which together with the parts before it is a value of at least some size.</summary>
    private long CountPart(long read, long bytes, long cell, Array? buffer, int offset)
    {
        try
        {
            if (bytes > 0)
            {
                CheckCell(cell);
            }

            return Count(read, bytes);
        }
        catch (DbAccessDeniedException) when (buffer is not null)
        {
            // What is beyond the limit is in the caller's buffer already.
            Array.Clear(buffer, offset, (int)read);
            throw;
        }
    }

    private void CheckCell(long bytes)
    {
        if (bytes > _grant.MaxCellBytes)
        {
            // The value alone is kept back; the others of the row may be read.
            _failed = true;
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.CellLimit), operation);
        }
    }

    private T Count<T>(T value, long bytes)
    {
        CheckCell(bytes);
        _bytes += bytes;
        return _bytes <= _grant.MaxBytes
            ? value
            : throw Fail(new DbAccessDeniedException(Decision.Deny(DatabaseReasons.ByteLimit), operation));
    }

    private Exception Fail(Exception exception)
    {
        _failed = true;
        _denied ??= exception as DbAccessDeniedException;
        return exception;
    }
}
