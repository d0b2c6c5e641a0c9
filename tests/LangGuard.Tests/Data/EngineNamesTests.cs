using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

public sealed class EngineNamesTests
{
    private static readonly EngineNames Server = new(
        SqlDialect.PostgreSql, ["pg_notify", "set_config", "lower"], ["pg_class"], ["information_schema"]);

    private static readonly EngineNames MySql = new(SqlDialect.MySql, ["sleep", "load_file"], [], ["information_schema"]);

    [Theory]
    [InlineData("SELECT pg_notify('a', 'b')")]
    [InlineData("SELECT PG_NOTIFY /* c */ -- d\n ('a', 'b')")]
    [InlineData("SELECT \"pg_notify\"('a', 'b')")]
    [InlineData("SELECT pg_catalog.\"set_config\" ('a', 'b', false)")]
    [InlineData("SELECT /* /* */ ' */ pg_notify('a', 'b') -- '")]
    [InlineData("SELECT 1 AS a$$b$, pg_notify('x', 'y') AS c$$b$")]
    [InlineData("SELECT E''\n'\\' ' || pg_notify('a', 'b') -- '")]
    [InlineData("SELECT E'\\'' || pg_notify/* ' */('a', 'b')")]
    [InlineData("SELECT $1$a$, pg_notify('a', 'b'), '$a$'")]
    [InlineData("SELECT $$'$$, pg_notify('a', 'b'), ''")]
    [InlineData("SELECT U&\"pg\\005fnotify\"('a', 'b')")]
    [InlineData("SELECT --x\rpg_notify('a', 'b')")]
    [InlineData("SELECT relname FROM pg_class")]
    [InlineData("SELECT relname FROM \"pg_class\" AS c")]
    [InlineData("SELECT 1 FROM information_schema.tables")]
    [InlineData("SELECT 1 FROM information_schema /* */ . \"tables\"")]
    public void A_name_of_the_server_is_seen_however_it_is_written(string text) =>
        Server.Check(text, Scope()).Should().NotBeNull();

    [Theory]
    [InlineData("SELECT 'pg_notify(1)', $a$ pg_class $a$ FROM t -- pg_notify(1)")]
    [InlineData("SELECT /* /* pg_class */ pg_notify(1) */ set_config FROM t")]
    [InlineData("SELECT lower(a), count(*) FROM t WHERE a LIKE '50\\%'")]
    [InlineData("SELECT 'it''s pg_class', \"a\"\"b\" FROM t")]
    [InlineData("SELECT a FROM information_schema.columns")]
    public void Texts_comments_and_other_names_are_not_taken_for_one(string text) => Server.Check(text, Scope()).Should().BeNull();

    [Theory]
    [InlineData("SELECT SLEEP(10)")]
    [InlineData("SELECT `sleep` (10)")]
    [InlineData("SELECT /*!50000SLEEP(10)*/")]
    [InlineData("SELECT /*M!100000 sleep(10)*/")]
    [InlineData("SELECT \"\\\" \" || SLEEP(10) # \"")]
    [InlineData("SELECT 1 --SLEEP\n, load_file('x')")]
    [InlineData("SELECT @@version")]
    [InlineData("SELECT 1 FROM information_schema.tables")]
    public void A_name_of_mysql_is_seen_however_it_is_written(string text) => MySql.Check(text, Scope()).Should().NotBeNull();

    [Theory]
    [InlineData("SELECT 'sleep(1)', \"sleep(1)\", `a` FROM t # sleep(1)")]
    [InlineData("SELECT sleep FROM t -- sleep(1)")]
    [InlineData("SELECT 1 /* sleep(1) */")]
    public void Texts_and_comments_of_mysql_are_not_taken_for_one(string text) => MySql.Check(text, Scope()).Should().BeNull();

    [Fact]
    public void A_function_that_the_policy_grants_is_left_to_the_policy()
    {
        var options = new DatabaseOptions();
        options.Functions.Add("pg_notify");

        Server.Check("SELECT pg_notify('a', 'b')", new DatabaseScope(options)).Should().BeNull();
    }

    private static DatabaseScope Scope()
    {
        var options = new DatabaseOptions();
        options.Tables["information_schema.columns"] = new DatabaseTableOptions { Allow = DatabasePermissions.Select };
        return new DatabaseScope(options);
    }
}
