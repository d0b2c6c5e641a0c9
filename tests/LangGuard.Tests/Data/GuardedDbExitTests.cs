using System.Data;
using System.Data.Common;
using System.Reflection;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Data;

/// <summary>Attacks on the objects of the decorator: none of them leads to the driver, and what runs is what was decided on.</summary>
public sealed class GuardedDbExitTests : IDisposable
{
    private readonly ShopFixture _shop = new();

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData(typeof(DbConnection), "LangGuard.Data.GuardedDbConnection")]
    [InlineData(typeof(DbCommand), "LangGuard.Data.GuardedDbCommand")]
    [InlineData(typeof(DbDataReader), "LangGuard.Data.GuardedDbDataReader")]
    [InlineData(typeof(DbTransaction), "LangGuard.Data.GuardedDbTransaction")]
    [InlineData(typeof(DbParameter), "LangGuard.Data.GuardedDbParameter")]
    [InlineData(typeof(DbParameterCollection), "LangGuard.Data.GuardedDbParameterCollection")]
    [InlineData(typeof(DbDataSource), "LangGuard.Data.GuardedDbDataSource")]
    public void Every_guard_is_sealed_and_shows_no_member_but_those_of_its_platform_type(Type platform, string name)
    {
        var guard = typeof(GuardSession).Assembly.GetType(name, throwOnError: true)!;

        guard.IsSealed.Should().BeTrue();
        guard.BaseType.Should().Be(platform);
        guard.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(member => member is PropertyInfo or MethodInfo { IsSpecialName: false })
            .Where(member => platform.GetMember(member.Name, BindingFlags.Public | BindingFlags.Instance).Length == 0)
            .Select(member => member.Name)
            .Should().BeSubsetOf(["Name", "PreviewWriteAsync", "CommitWriteAsync", "MigrateAsync"], "a member of our own needs a review");
    }

    [Fact]
    public void A_connection_that_is_exchanged_during_the_decision_changes_nothing()
    {
        using var elsewhere = new ShopFixture();
        elsewhere.Run("UPDATE orders SET status = 'ELSEWHERE'");
        using var other = elsewhere.Session(db => db.Select("orders"));
        using var otherConnection = other.Database("shop").OpenConnection();
        DbCommand? attacked = null;
        using var session = _shop.Session(
            db => db.Select("orders"),
            policy => policy.AddLayer(new TestMisuseLayer("exchange", (_, _) =>
            {
                attacked!.Connection = otherConnection;
                attacked.CommandText = "SELECT v FROM secrets";
                attacked.Parameters[0].Value = 2;
                return Objection.None;
            })));
        using var connection = session.Database("shop").OpenConnection();
        using var command = attacked = connection.CreateCommand();
        command.CommandText = "SELECT status FROM orders WHERE id = @id";
        var id = command.CreateParameter();
        id.ParameterName = "@id";
        id.Value = 1;
        command.Parameters.Add(id);

        command.ExecuteScalar().Should().Be("open");
    }

    [Fact]
    public void A_connection_closed_twice_returns_its_lease_once()
    {
        using var session = _shop.Session(db => db.Select("orders").Limit(limits => limits.MaxConnections = 2));
        var source = session.Database("shop");
        var first = source.OpenConnection();
        first.Close();
        first.Close();
        first.Dispose();
        using var one = source.OpenConnection();
        using var two = source.OpenConnection();

        source.Invoking(s => s.OpenConnection()).Should().Throw<DbAccessDeniedException>();
    }

    [Theory]
    [InlineData(CommandBehavior.SchemaOnly)]
    [InlineData(CommandBehavior.KeyInfo)]
    [InlineData(CommandBehavior.SequentialAccess)]
    public void A_behavior_does_not_widen_anything(CommandBehavior behavior)
    {
        using var session = _shop.Session(db => db.Select("orders"));
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT v FROM secrets";

        command.Invoking(c => c.ExecuteReader(behavior)).Should().Throw<DbAccessDeniedException>();
    }
}
