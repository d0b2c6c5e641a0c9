using System.Buffers.Binary;
using System.Security.Cryptography;
using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>The append-only file of records. Each record carries its length and a MAC under the host's key over itself and
/// the one before, so that a planted, edited or reordered log is noticed and never replayed.</summary>
internal sealed class JournalLog : IDisposable
{
    private const int LengthBytes = 4;
    private const int MacBytes = HMACSHA256.HashSizeInBytes;
    private const int MaxRecord = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly ConfinedFile _file;
    private readonly byte[] _key;
    private readonly bool _sync;
    private readonly MemoryStream _buffer = new(1024);
    private readonly BinaryWriter _writer;
    private byte[] _last = new byte[MacBytes];
    private long _end;

    internal JournalLog(ConfinedFile file, byte[] key, bool sync)
    {
        _file = file;
        _key = key;
        _sync = sync;
        _writer = new BinaryWriter(_buffer);
    }

    /// <summary>Reads every record. A torn last record, as a crash leaves it, is cut off.</summary>
    /// <exception cref="IOException">A record was not written by this host.</exception>
    internal IReadOnlyList<byte[]> ReadAll()
    {
        var records = new List<byte[]>();
        Check(_file.Refresh(out var facts));
        var head = new byte[LengthBytes];
        while (_end + LengthBytes <= facts.Length)
        {
            ReadFully(head, _end);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length is <= 0 or > MaxRecord)
            {
                throw Foreign();
            }

            if (_end + LengthBytes + length + MacBytes > facts.Length)
            {
                break;
            }

            var record = new byte[length];
            var mac = new byte[MacBytes];
            ReadFully(record, _end + LengthBytes);
            ReadFully(mac, _end + LengthBytes + length);
            if (!CryptographicOperations.FixedTimeEquals(mac, Mac(record)))
            {
                throw Foreign();
            }

            _last = mac;
            _end += LengthBytes + length + MacBytes;
            records.Add(record);
        }

        if (_end < facts.Length)
        {
            Check(_file.SetLength(_end));
        }

        return records;
    }

    /// <summary>Appends one record. Fails before anything else happens, so that the change is not made.</summary>
    internal void Append(Action<BinaryWriter> write)
    {
        lock (_lock)
        {
            _buffer.SetLength(0);
            _writer.Write(0);
            write(_writer);
            _writer.Flush();
            var length = (int)_buffer.Length - LengthBytes;
            if (length > MaxRecord)
            {
                throw new IOException("A record of the journal is too long.");
            }

            var bytes = _buffer.GetBuffer().AsSpan(0, LengthBytes + length);
            BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
            var mac = Mac(bytes[LengthBytes..]);
            _buffer.Write(mac);
            Check(_file.Write(_buffer.GetBuffer().AsSpan(0, (int)_buffer.Length), _end));
            if (_sync)
            {
                Check(_file.Flush(toDisk: true));
            }

            _end += _buffer.Length;
            _last = mac;
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    private static IOException Foreign() => new(
        "The journal holds a record that was not written under its key. It is not used. Move it away and keep it for examination.");

    private static void Check(FileStatus status)
    {
        if (status != FileStatus.Ok)
        {
            throw new IOException($"The journal cannot be written or read ({status}).");
        }
    }

    private byte[] Mac(ReadOnlySpan<byte> record)
    {
        var joined = new byte[MacBytes + record.Length];
        _last.CopyTo(joined, 0);
        record.CopyTo(joined.AsSpan(MacBytes));
        return HMACSHA256.HashData(_key, joined);
    }

    private void ReadFully(Span<byte> buffer, long offset)
    {
        while (buffer.Length > 0)
        {
            Check(_file.Read(buffer, offset, out var read));
            if (read == 0)
            {
                throw new IOException("The journal ended while it was read.");
            }

            buffer = buffer[read..];
            offset += read;
        }
    }
}
