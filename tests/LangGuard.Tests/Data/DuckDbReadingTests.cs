using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Text;
using DuckDB.NET.Data;

namespace LangGuard.Tests.Data;

/// <summary>What a guarded reader gives is what the driver's own gives.</summary>
public sealed class DuckDbReadingTests : IDisposable
{
    private readonly DuckDbFile _file = new();

    public DuckDbReadingTests() => _file.Run(
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        """
        CREATE TABLE types AS SELECT * FROM (VALUES
            (true, 1::TINYINT, 2::SMALLINT, 3::INTEGER, 4::BIGINT, 5::HUGEINT, 6::UTINYINT, 7::USMALLINT, 8::UINTEGER, 9::UBIGINT, 10::UHUGEINT,
             1.5::FLOAT, 2.5::DOUBLE, 12.34::DECIMAL(6,2), 'text', 'bytes'::BLOB, DATE '2024-02-29', TIME '12:34:56', TIMESTAMP '2024-02-29 01:02:03.5',
             TIMESTAMPTZ '2024-02-29 01:02:03+00', INTERVAL '3 days', '0d3ecf56-0d13-4f6b-9d2c-7f6f3c7f1a11'::UUID, 'ok'::mood, '10101'::BIT,
             [1, 2], ['a'::BLOB, NULL], {'a': 1, 'b': 'x'}, map {'k': [1, 2]}, [{'c': 'y'::BLOB}], '{"j": 1}'::VARCHAR, [1, 2, 3]::INTEGER[3]),
            (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
             NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
        """);

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Every_type_reads_as_without_a_guard()
    {
        var columns = DuckDbFile.Ask(_file.Copy(), "SELECT count(*) FROM duckdb_columns() WHERE table_name = 'types'");
        string raw;
        using (var connection = new DuckDBConnection($"Data Source={_file.Copy()}"))
        {
            connection.Open();
            raw = Read(connection);
        }

        using var session = _file.Session(db => db.Select("types"));
        using var guarded = session.Database("shop").OpenConnection();

        Read(guarded).Should().Be(raw).And.Contain("2024").And.Contain("DBNull");
        columns.Should().Be("31");
    }

    [Fact]
    public void Typed_getters_read_as_without_a_guard()
    {
        using var session = _file.Session(db => db.Select("types"));
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "FROM types";
        using var reader = command.ExecuteReader();
        reader.Read();

        reader.GetBoolean(0).Should().BeTrue();
        reader.GetInt32(3).Should().Be(3);
        reader.GetInt64(4).Should().Be(4);
        reader.GetDecimal(13).Should().Be(12.34m);
        reader.GetString(14).Should().Be("text");
        reader.GetFieldValue<byte[]>(15).Should().Equal("bytes"u8.ToArray());
        reader.GetBytes(15, 1, new byte[3], 0, 3).Should().Be(3);
        new StreamReader(reader.GetStream(15)).ReadToEnd().Should().Be("bytes");
        reader.GetFieldValue<DateOnly>(16).Should().Be(new DateOnly(2024, 2, 29));
        reader.GetDateTime(18).Should().Be(new DateTime(2024, 2, 29, 1, 2, 3, 500));
        reader.GetGuid(21).Should().Be(Guid.Parse("0d3ecf56-0d13-4f6b-9d2c-7f6f3c7f1a11"));
        reader.GetFieldValue<List<int>>(24).Should().Equal(1, 2);
        reader.Read().Should().BeTrue();
        reader.IsDBNull(3).Should().BeTrue();
        reader.Read().Should().BeFalse();
        reader.Read().Should().BeFalse("the end stays the end");
    }

    [Theory]
    [InlineData(true)]
    [InlineData((short)3)]
    [InlineData(4)]
    [InlineData(5L)]
    [InlineData(2.5)]
    [InlineData("it's")]
    [InlineData(null)]
    public void Parameters_arrive_as_they_are(object? value) => Echo(value).Should().Be(value ?? DBNull.Value);

    [Fact]
    public void Parameters_of_other_types_arrive_as_they_are()
    {
        Echo(1.25m).Should().Be(1.25m);
        Echo(new DateTime(2024, 1, 2, 3, 4, 5)).Should().Be(new DateTime(2024, 1, 2, 3, 4, 5));
        Echo(new DateOnly(2024, 1, 2)).Should().Be(new DateOnly(2024, 1, 2));
        Echo(Guid.Empty).Should().Be(Guid.Empty);
        Echo(new byte[] { 1, 2 }).Should().BeEquivalentTo(new byte[] { 1, 2 });
        Echo(DayOfWeek.Friday).Should().Be(5L);
    }

    private object? Echo(object? value)
    {
        using var session = _file.Session(db => db.Select("types"));
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT $value";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("$value", value ?? DBNull.Value);
        command.Parameters.Add(parameter);
        return command.ExecuteScalar();
    }

    private static string Read(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM types";
        using var reader = command.ExecuteReader();
        var text = new StringBuilder();
        for (var i = 0; i < reader.FieldCount; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{reader.GetName(i)} {reader.GetDataTypeName(i)} {TypeOf(reader.GetFieldType(i))}\n");
        }

        while (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                Write(text, reader.GetValue(i));
                text.Append(reader.IsDBNull(i)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The guard gives bytes where the driver gives a stream over memory of the engine's own.</summary>
    private static string TypeOf(Type type) => type == typeof(Stream) ? nameof(Byte) + "[]" : type.ToString().Replace("System.IO.Stream", "System.Byte[]", StringComparison.Ordinal).Replace("System.Byte[]", "Byte[]", StringComparison.Ordinal);

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case Stream stream:
                using (stream)
                {
                    var bytes = new byte[stream.Length];
                    stream.ReadExactly(bytes);
                    text.Append(Convert.ToHexString(bytes));
                }

                break;
            case byte[] bytes:
                text.Append(Convert.ToHexString(bytes));
                break;
            case IDictionary entries:
                foreach (DictionaryEntry entry in entries)
                {
                    Write(text, entry.Key);
                    text.Append('=');
                    Write(text, entry.Value);
                }

                break;
            case IEnumerable values and not string:
                foreach (var part in values)
                {
                    Write(text, part);
                    text.Append(',');
                }

                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{value?.GetType().Name ?? "null"} {value}");
                break;
        }
    }
}
