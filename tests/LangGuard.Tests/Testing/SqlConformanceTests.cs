using LangGuard.Ablation;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.Testing;
using LangGuard.Tests.Data;
using MySqlConnector;
using Npgsql;

namespace LangGuard.Tests.Testing;

public sealed class SqlConformanceTests : IDisposable
{
    private readonly ShopFixture _shop = new();

    [Fact]
    public async Task A_reader_of_some_tables_holds()
    {
        var report = await PolicyConformance.SqlAsync(Reader, "shop");

        report.ShouldHold();
        report.ToString().Should().StartWith("SQL 'shop': ").And.Contain(": 0 bypasses, 0 false denials, 0 errors;");
        report.Results.Where(result => result is { IsAttack: true, Outcome: ConformanceOutcome.Passed }).Select(result => result.Technique)
            .Distinct().Should().BeEquivalentTo(
                "table not granted", "insert not granted", "update not granted", "delete not granted", "denied column", "schema change",
                "second statement", "catalog", "function", "session", "endless rows");
        report.Results.Count(result => result is { IsAttack: true, Outcome: ConformanceOutcome.Passed }).Should().BeGreaterThan(100);
        report.Results.Count(result => result is { IsAttack: false, Outcome: ConformanceOutcome.Passed }).Should().Be(30);
        report.Results.Should().NotContain(result => !result.IsAttack && result.Outcome == ConformanceOutcome.Skipped);
    }

    [Fact]
    public async Task A_writer_of_confined_tables_holds()
    {
        var report = await PolicyConformance.SqlAsync(Writer, "shop");

        report.ShouldHold();
        report.Results.Where(result => result is { IsAttack: true, Outcome: ConformanceOutcome.Passed }).Select(result => result.Technique)
            .Should().Contain(["rows of others", "masked column", "hashed column", "every row"]);
        report.Results.Where(result => result is { IsAttack: false, Outcome: ConformanceOutcome.Passed }).Select(result => result.Technique)
            .Should().Contain(["delete", "update"]);
    }

    [Fact]
    public async Task The_file_itself_is_only_read()
    {
        var before = await File.ReadAllBytesAsync(_shop.Path);

        await PolicyConformance.SqlAsync(guard => Reader(guard.SwitchOff(EveryWall)), "shop");

        (await File.ReadAllBytesAsync(_shop.Path)).Should().Equal(before);
    }

    [Fact]
    public async Task Broken_walls_are_reported()
    {
        var report = await PolicyConformance.SqlAsync(guard => Reader(guard.SwitchOff(EveryWall)), "shop");

        report.Bypasses.Select(result => result.Technique).Should().Contain(
            ["table not granted", "update not granted", "delete not granted", "schema change", "denied column", "catalog"]);
        report.Bypasses.Should().Contain(result => result.Seen == "it changed the database: DROP TABLE \"secrets\"");
        report.Invoking(it => it.ShouldHold()).Should().Throw<GuardAssertionException>()
            .WithMessage("*Attacks that took effect:\n  sql-*");
    }

    [Theory]
    [InlineData("table not granted", Wall.DatabasePermissions, Wall.DatabaseScope, Wall.SqliteAuthorizer)]
    [InlineData("denied column", Wall.DatabasePermissions, Wall.DatabaseScope, Wall.SqliteAuthorizer)]
    internal async Task Rules_that_nobody_asks_are_reported(string technique, params Wall[] walls)
    {
        var report = await PolicyConformance.SqlAsync(guard => Reader(guard.SwitchOff(walls)), "shop");

        report.Bypasses.Select(result => result.Technique).Should().Contain(technique);
    }

    [Fact]
    public async Task Rows_and_values_that_are_not_confined_are_reported()
    {
        var report = await PolicyConformance.SqlAsync(guard => Writer(guard.SwitchOff(EveryWall)), "shop");

        report.Bypasses.Select(result => result.Technique).Should().Contain(["rows of others", "masked column", "hashed column", "every row"]);
    }

    [Fact]
    public async Task What_is_refused_against_the_rules_is_reported()
    {
        var report = await PolicyConformance.SqlAsync(guard => Reader(guard.AddLayer(new Moody())), "shop");

        report.Bypasses.Should().BeEmpty();
        report.FalseDenials.Should().HaveCount(30);
        report.ToString().Should().Contain("Permitted operations that did not complete:\n  sql-");
    }

    [Fact]
    public async Task What_the_policy_grants_by_name_is_no_bypass()
    {
        var report = await PolicyConformance.SqlAsync(
            guard => guard.LimitPermissions(allow => allow.Database("shop", db => db.UseSqlite(_shop.Path)
                .Select("orders", "customers", "secrets", "order_names").Insert("orders").Functions("sqlite_compileoption_get"))),
            "shop");

        report.ShouldHold();
        report.Results.Should().NotContain(result => result.Technique == "table not granted");
        report.Results.Should().Contain(result => result.Seen == "granted: sqlite_compileoption_get");
    }

    [Fact]
    public async Task PostgreSQL_holds_and_its_owner_tells_what_is_there()
    {
        using var shop = new PostgreSqlShop();
        await using var owner = NpgsqlDataSource.Create(shop.Owner);

        var report = await PolicyConformance.SqlAsync(
            guard => guard.LimitPermissions(allow => allow.Database("shop", db => db.UsePostgreSql(shop.Owner)
                .Select("orders", "customers").Update("orders").DenyColumns("customers", "email").RowsByClaim("orders", "status", "status"))),
            "shop", owner);

        report.ShouldHold();
        report.Results.Should().Contain(result => result.Id == "sql-rows" && result.Outcome == ConformanceOutcome.Passed);
        report.Results.Where(result => result is { IsAttack: true, Outcome: ConformanceOutcome.Passed }).Select(result => result.Technique)
            .Should().Contain(["rows of others", "denied column", "lock", "every row", "second statement"]);
        report.Results.Count(result => result is { IsAttack: false, Outcome: ConformanceOutcome.Passed }).Should().Be(30);
    }

    [Fact]
    public async Task PostgreSQL_without_its_walls_is_reported()
    {
        using var shop = new PostgreSqlShop();
        await using var owner = NpgsqlDataSource.Create(shop.Owner);

        var report = await PolicyConformance.SqlAsync(
            guard => guard.SwitchOff(Wall.DatabasePermissions, Wall.DatabaseScope, Wall.SqlWords)
                .LimitPermissions(allow => allow.Database("shop", db => db.UsePostgreSql(shop.Owner).Select("orders"))),
            "shop", owner);

        report.Bypasses.Select(result => result.Technique).Should().Contain(["table not granted", "delete not granted", "rows at the end"]);
    }

    [Fact]
    public async Task MySQL_holds_without_an_owner_too()
    {
        using var shop = new MySqlShop();
        void Configure(PolicyBuilder guard) => guard.LimitPermissions(allow => allow.Database("shop", db => db.UseMySql(shop.Owner)
            .Select("orders", "customers").DenyColumns("customers", "email").RowsOfTenant("orders", "tenant")));
        await using var owner = new MySqlDataSource(shop.Owner);

        var blind = await PolicyConformance.SqlAsync(Configure, "shop");
        var seen = await PolicyConformance.SqlAsync(Configure, "shop", owner);

        blind.ShouldHold();
        seen.ShouldHold();
        blind.Results.Should().OnlyContain(result => result.Technique != "rows of others" || result.Outcome == ConformanceOutcome.Skipped);
        seen.Results.Should().Contain(result => result.Technique == "rows of others" && result.Outcome == ConformanceOutcome.Passed);
    }

    [Fact]
    public async Task A_database_that_the_policy_has_not_is_an_error() =>
        (await FluentActions.Awaiting(() => PolicyConformance.SqlAsync(Reader, "stock")).Should().ThrowAsync<ArgumentException>())
            .WithMessage("The policy has no database 'stock'; it has shop.");

    [Fact]
    public async Task A_database_without_a_source_is_an_error() =>
        (await FluentActions.Awaiting(() => PolicyConformance.SqlAsync(
            guard => guard.LimitPermissions(allow => allow.Database("shop", db => db.Select("orders"))), "shop")).Should().ThrowAsync<ArgumentException>())
            .WithMessage("The database 'shop' has no source.*");

    public void Dispose() => _shop.Dispose();

    private static Wall[] EveryWall =>
        [Wall.DatabasePermissions, Wall.DatabaseScope, Wall.SqlInspector, Wall.SqlResultShape, Wall.SqliteAuthorizer,
         Wall.SqliteOneStatement, Wall.SqliteReadOnly, Wall.SqlWords];

    private void Reader(PolicyBuilder guard) => guard.LimitPermissions(allow => allow.Database("shop", db => db.UseSqlite(_shop.Path)
        .Select("orders", "customers").DenyColumns("customers", "email")));

    private void Writer(PolicyBuilder guard) => guard.LimitPermissions(allow => allow.Database("shop", db => db.UseSqlite(_shop.Path)
        .Select("orders", "customers", "secrets").Insert("orders").Update("orders", "secrets").Delete("orders")
        .RowsByClaim("orders", "status", "status").MaskColumns("customers", "email").HashColumns("customers", "name")));

    /// <summary>Refuses what the rules grant.</summary>
    private sealed class Moody : MisuseLayer
    {
        private static readonly Reason NotToday = new("test.moody", "Not today.", Retry.No);

        public override string Name => "moody";

        public override Objection Review(Operation operation, GuardSession session) =>
            operation is DatabaseOperation ? Objection.Deny(NotToday) : Objection.None;
    }
}
