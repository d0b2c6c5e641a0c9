using System.Data.Common;
using System.Globalization;
using LangGuard.Permissions;
using LangGuard.SecurityTests.Scenarios;
using Microsoft.Extensions.Logging;
using MySqlConnector.Logging;
using Npgsql;

namespace LangGuard.SecurityTests.Redaction;

/// <summary>What a server says of a failure quotes rows. None of it comes out: not to the caller, and not by what the drivers log
/// and trace in the same process.</summary>
public sealed class ServerCanaryTests
{
    private const string Canary = "otter-8812/jade+quay";

    static ServerCanaryTests()
    {
        // Before any driver is used in this process, as a host would.
        NpgsqlLoggingConfiguration.InitializeLogging(Relay.Everything, parameterLoggingEnabled: true);
#pragma warning disable CS0618 // Old, but it still reaches every connection of the process.
        MySqlConnectorLogManager.Provider = Relay.Everything;
#pragma warning restore CS0618
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("mysql")]
    public async Task What_a_driver_says_of_a_failure_holds_no_row(string engine)
    {
        var said = new List<string>();
        using var database = Make(engine);
        using (Relay.To(said))
        using (var telemetry = new ProcessTelemetry(text => Add(said, text)))
        using (var session = GuardSession.Create(
            Policy.Create(policy => policy
                .LimitPermissions(allow => allow.Database("app", db =>
                {
                    database.Use(db);
                    Rights(db);
                }))
                .DefendInDepth(defense => defense.Audit(audit => audit.CopyToLog(telemetry.CreateLogger("audit")).CopyToTelemetry()))),
            new Principal("ada")))
        {
            foreach (var sql in Failing(engine))
            {
                var failure = await FluentActions.Awaiting(() => RunAsync(session, sql)).Should().ThrowAsync<Exception>(sql);
                ((failure.Which as IAccessDenied)?.Decision.Reason?.Rule).Should().BeOneOf([null, "database.engine-refused"], "the server has to be asked: {0}", sql);
                Add(said, CanaryWorld.Describe(failure.Which));
            }

            var query = session.GetTools().Single(tool => tool.Name == "database_query");
            Add(said, $"{await query.InvokeAsync(new() { ["sql"] = Failing(engine)[^1] })}");
        }

        Texts(said).Should().Contain(text => text.StartsWith("LangGuard", StringComparison.OrdinalIgnoreCase), "somebody listens");
        Texts(said).Where(text => Disclosure.Find(text, Canary) is not null).Should().BeEmpty();
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("mysql")]
    public async Task Without_the_guard_the_driver_says_it(string engine)
    {
        var said = new List<string>();
        using var database = Make(engine);
        using (Relay.To(said))
        using (new ProcessTelemetry(text => Add(said, text)))
        {
            foreach (var sql in Failing(engine))
            {
                await using var connection = database.Open();
                await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
                command.CommandText = sql;
#pragma warning restore CA2100
                await FluentActions.Awaiting(() => command.ExecuteNonQueryAsync()).Should().ThrowAsync<DbException>(sql);
            }
        }

        Texts(said).Where(text => Disclosure.Find(text, Canary) is not null).Should().NotBeEmpty();
    }

    private static ScenarioDatabase Make(string engine)
    {
        var database = ScenarioDatabase.Create(engine, string.Empty);
        database.Run("CREATE TABLE notes (id int PRIMARY KEY, text varchar(60) NOT NULL UNIQUE, number int)");
        database.Run($"INSERT INTO notes VALUES (1, '{Canary}', 1), (2, 'other', 2)");
        database.Grant(Rights);
        return database;
    }

    private static void Rights(DatabaseBuilder db) => db.Select("notes").Insert("notes").Update("notes");

    private static string[] Failing(string engine) => engine == "postgres"
        ?
        [
            "UPDATE notes SET number = CAST(text AS int) WHERE id = 1",
            "INSERT INTO notes (id, text) SELECT id + 10, text FROM notes WHERE id = 1",
            "SELECT CAST(text AS timestamp) FROM notes WHERE id = 1",
            "SELECT CAST(text AS int) FROM notes",
        ]
        :
        [
            "UPDATE notes SET number = text WHERE id = 1",
            "INSERT INTO notes (id, text) SELECT id + 10, text FROM notes WHERE id = 1",
        ];

    private static async Task RunAsync(GuardSession session, string sql)
    {
        await using var connection = await session.Database("app").OpenConnectionAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteScalarAsync();
    }

    private static void Add(List<string> said, string text)
    {
        lock (said)
        {
            said.Add(text);
        }
    }

    private static List<string> Texts(List<string> said)
    {
        lock (said)
        {
            return [.. said];
        }
    }

    /// <summary>The log of the whole process, which the drivers are given once, for the tests that listen.</summary>
    private sealed class Relay : ILoggerFactory, ILogger, IMySqlConnectorLoggerProvider, IMySqlConnectorLogger
    {
        private readonly Lock _lock = new();
        private List<List<string>> _listening = [];

        internal static Relay Everything { get; } = new();

        internal static IDisposable To(List<string> texts) => new Listening(texts);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Tell(formatter(state, exception) + exception);

        IMySqlConnectorLogger IMySqlConnectorLoggerProvider.CreateLogger(string name) => this;

        public bool IsEnabled(MySqlConnectorLogLevel level) => true;

        public void Log(MySqlConnectorLogLevel level, string message, object?[]? args = null, Exception? exception = null) =>
            Tell(string.Format(CultureInfo.InvariantCulture, message, args ?? []) + exception);

        public void Dispose()
        {
            // For as long as the process.
        }

        private void Tell(string text)
        {
            List<List<string>> listening;
            lock (_lock)
            {
                listening = _listening;
            }

            foreach (var texts in listening)
            {
                Add(texts, text);
            }
        }

        private sealed class Listening : IDisposable
        {
            private readonly List<string> _texts;

            internal Listening(List<string> texts)
            {
                _texts = texts;
                lock (Everything._lock)
                {
                    Everything._listening = [.. Everything._listening, texts];
                }
            }

            public void Dispose()
            {
                lock (Everything._lock)
                {
                    Everything._listening = [.. Everything._listening.Where(texts => texts != _texts)];
                }
            }
        }
    }
}
