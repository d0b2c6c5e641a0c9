using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data.Writes;

/// <summary>Changes by the least role that the GRANT script makes: what the guard reads besides is allowed to it too.</summary>
public sealed class LeastRoleWriteTests(PostgreSqlShop shop) : IClassFixture<PostgreSqlShop>
{
    [Fact]
    public async Task The_least_role_previews_commits_and_undoes()
    {
        var login = await shop.RoleAsync(Grants);
        using var session = shop.Session(db => Grants(db.Trusted()), login);
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("UPDATE orders SET status = 'paid' WHERE id < 3");
        preview.AffectedRows.Should().Be(2);
        (await source.CommitWriteAsync(preview.Token)).Should().Be(2);
        shop.Ask("SELECT count(*) FROM orders WHERE status = 'paid'").Should().Be(2L);
        var insert = await source.PreviewWriteAsync("INSERT INTO orders (id, customer_id, status, total) VALUES (50, 1, 'new', 1)");
        (await source.CommitWriteAsync(insert.Token)).Should().Be(1);
        (await source.CommitWriteAsync((await source.PreviewWriteAsync("DELETE FROM orders WHERE id = 50")).Token)).Should().Be(1);

        var changes = session.DatabaseChanges("shop");
        changes.All.Should().HaveCount(3);
        changes.Undo().Refused.Should().BeEmpty();
        shop.Ask("SELECT string_agg(id || status || total, ';' ORDER BY id) FROM orders").Should().Be("1open10.5;2shipped20;3open30");
        shop.Leftovers().Should().Be(0);

        // The server itself refuses what the role may not do, whoever looks at the text.
        WriteShop.Rule(() => WriteShop.Execute(session, "DELETE FROM customers WHERE id = 1")).Should().Be("database.table");
    }

    private static void Grants(DatabaseBuilder db) => db
        .Select("orders").Insert("orders").Update("orders").Delete("orders").KeepUndo();
}
