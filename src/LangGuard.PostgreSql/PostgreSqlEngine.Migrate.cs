using System.Globalization;
using LangGuard.Data;
using Npgsql;

namespace LangGuard.PostgreSql;

/// <summary>Changes of the schema that the policy names.</summary>
internal sealed partial class PostgreSqlEngine
{
    internal override void Migrate(DatabaseOperation operation, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using (var connection = Connect(_schemaSource))
        {
            try
            {
                // Each as one message, which the server refuses if it holds two statements.
                using var batch = new NpgsqlBatch(connection)
                {
                    BatchCommands =
                    {
                        new("BEGIN READ WRITE"),
                        new(string.Create(CultureInfo.InvariantCulture, $"""
                            SELECT pg_catalog.set_config('statement_timeout','{(long)Math.Ceiling(timeout.TotalMilliseconds)}',true),
                            pg_catalog.set_config('lock_timeout','2000',true), pg_catalog.set_config('search_path','public',true)
                            """)),
                        new(operation.Statement),
                    },
                };
                using var cancellation = cancellationToken.UnsafeRegister(static state => ((NpgsqlBatch)state!).Cancel(), batch);
                batch.ExecuteNonQuery();
                using var commit = new NpgsqlCommand("COMMIT", connection);
                commit.ExecuteNonQuery();
            }
            catch (Exception exception) when (PostgreSqlErrors.Translate(exception, operation, cancellationToken) is { } translated)
            {
                throw translated;
            }
        }

        lock (_lock)
        {
            _readAt = 0;
            using var connection = Connect(_schemaSource);
            _schema = PostgreSqlSchemaReader.Read(connection, _schema);
        }
    }
}
