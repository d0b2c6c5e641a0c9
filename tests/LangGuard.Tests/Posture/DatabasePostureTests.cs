using LangGuard.Permissions;
using LangGuard.Posture;
using LangGuard.Tests.Data;

namespace LangGuard.Tests.Posture;

/// <summary>Whether what an agent reaches a database with can do more than its policy, on the real engines.</summary>
public sealed class DatabasePostureTests : IDisposable
{
    private const string Id = "posture.database-rights";
    private readonly ShopFixture _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void A_file_that_others_can_write_fails_and_one_of_the_host_alone_holds()
    {
        Mode(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Of(Sqlite()).Passed.Should().BeTrue();

        Mode(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        var result = Of(Sqlite());
        result.Passed.Should().BeFalse();
        result.Message.Should().Contain("'shop'").And.Contain("WRITE by others").And.NotContain(_file.Path);
        result.Remedy.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void A_file_that_can_not_be_looked_at_does_not_hold()
    {
        var policy = Sqlite();
        Mode(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Delete(_file.Path);
        Directory.Delete(Path.GetDirectoryName(_file.Path)!, recursive: true);
        Of(policy).Message.Should().NotContain(_file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(_file.Path)!);
    }

    [Fact]
    public void Where_it_is_required_no_policy_is_built()
    {
        Mode(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        var build = () => Sqlite(posture => posture.Require(Id));
        build.Should().Throw<PolicyValidationException>().Which.Message.Should().Contain(Id).And.NotContain(_file.Path);
    }

    [Fact]
    public async Task A_login_made_by_the_script_holds_and_the_owner_fails()
    {
        using var shop = new PostgreSqlShop();
        Action<DatabaseBuilder> narrow = db => db.Select("customers");
        Of(Server(await shop.RoleAsync(narrow), narrow)).Should().Match<PostureResult>(result => result.Passed);
        var owner = Of(Server(shop.Owner, narrow));
        owner.Passed.Should().BeFalse();
        owner.Message.Should().NotContain("Password").And.NotContain("Username");
    }

    [Fact]
    public void A_server_that_is_away_does_not_hold_and_is_not_described()
    {
        var result = Of(Server("Host=127.0.0.1;Port=1;Username=agent;Password=hunter2-zebra;Timeout=5", db => db.Select("customers")));
        result.Passed.Should().BeFalse();
        result.ToString().Should().NotContain("hunter2").And.NotContain("127.0.0.1");
    }

    private static PostureResult Of(Policy policy) =>
        policy.CheckPosture().Should().ContainSingle(result => result.Check == Id).Which;

    private Policy Sqlite(Action<PostureBuilder>? posture = null) => Policy.Create(policy =>
    {
        policy.LimitPermissions(allow => allow.Database("shop", db => db.UseSqlite(_file.Path).Select("orders").Insert("orders")));
        if (posture is not null)
        {
            policy.DefendInDepth(defense => defense.CheckPosture(posture));
        }
    });

    private static Policy Server(string login, Action<DatabaseBuilder> grants) => Policy.Create(policy =>
        policy.LimitPermissions(allow => allow.Database("shop", db => grants(db.UsePostgreSql(login)))));

    private void Mode(UnixFileMode mode)
    {
        File.SetUnixFileMode(Path.GetDirectoryName(_file.Path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(_file.Path, mode);
    }
}
