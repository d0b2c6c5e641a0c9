using System.ComponentModel;
using System.Data.Common;
using System.Reflection;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

/// <summary>Complete mediation: every member of the platform's types that a provider may override is overridden by the guard,
/// or stands on a list with the reason why its own body is safe.</summary>
public sealed class GuardedDbSurfaceTests(PostgreSqlShop server) : IClassFixture<PostgreSqlShop>
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
    private const string CallsSync = "the base calls the synchronous member, which is guarded";
    private const string CallsAsync = "the base calls the member with a token, which is guarded";
    private const string NoState = "the base holds nothing of the driver";

    /// <summary>Members whose own body is safe, by type.</summary>
    private static readonly Dictionary<string, string> Reviewed = new(StringComparer.Ordinal)
    {
        ["DbDataSource.OpenDbConnection"] = "the base opens what CreateDbConnection makes",
        ["DbDataSource.OpenDbConnectionAsync"] = "the base opens what CreateDbConnection makes",
        ["DbDataSource.CreateDbCommand"] = "the base makes it from CreateDbConnection and closes it afterwards",
        ["DbDataSource.CreateDbBatch"] = "the base makes it from CreateDbConnection and closes it afterwards",
        ["DbDataSource.Dispose"] = NoState,
        ["DbDataSource.DisposeAsyncCore"] = NoState,
        ["DbConnection.get_ConnectionTimeout"] = NoState,
        ["DbConnection.BeginDbTransactionAsync"] = CallsSync,
        ["DbConnection.ChangeDatabaseAsync"] = CallsSync,
        ["DbConnection.CloseAsync"] = CallsSync,
        ["DbConnection.DisposeAsync"] = CallsSync,
        ["DbConnection.OpenAsync"] = CallsSync,
        ["DbConnection.GetSchemaAsync"] = CallsSync,
        ["DbConnection.OnStateChange"] = "raises an event that names no driver object",
        ["DbConnection.add_StateChange"] = NoState,
        ["DbConnection.remove_StateChange"] = NoState,
        ["DbCommand.DisposeAsync"] = CallsSync,
        ["DbCommand.PrepareAsync"] = CallsSync,
        ["DbBatch.DisposeAsync"] = CallsSync,
        ["DbDataReader.get_VisibleFieldCount"] = "the base answers FieldCount",
        ["DbDataReader.CloseAsync"] = CallsSync,
        ["DbDataReader.DisposeAsync"] = CallsSync,
        ["DbDataReader.GetColumnSchemaAsync"] = "the base asks GetSchemaTable, which is refused",
        ["DbDataReader.GetSchemaTableAsync"] = CallsSync,
        ["DbDataReader.GetFieldValueAsync"] = CallsSync,
        ["DbDataReader.GetProviderSpecificFieldType"] = "the base answers GetFieldType",
        ["DbDataReader.GetProviderSpecificValue"] = "the base answers GetValue",
        ["DbDataReader.GetProviderSpecificValues"] = "the base answers GetValues",
        ["DbDataReader.IsDBNullAsync"] = CallsSync,
        ["DbDataReader.NextResultAsync"] = CallsSync,
        ["DbDataReader.ReadAsync"] = CallsSync,
        ["ReturnedRows.Close()"] = "there is nothing to close",
        ["ReturnedRows.GetSchemaTable()"] = "the base refuses",
        ["ReturnedRows.GetDbDataReader(Int32)"] = "the base refuses",
        ["ReturnedRows.GetStream(Int32)"] = "the base reads GetBytes",
        ["ReturnedRows.GetTextReader(Int32)"] = "the base reads GetString",
        ["DbTransaction.CommitAsync"] = CallsSync,
        ["DbTransaction.RollbackAsync"] = CallsSync,
        ["DbTransaction.DisposeAsync"] = CallsSync,
        ["DbTransaction.Rollback(String)"] = "to a savepoint: the base refuses; SupportsSavepoints is false",
        ["DbTransaction.Save"] = "the base refuses; SupportsSavepoints is false",
        ["DbTransaction.SaveAsync"] = CallsSync,
        ["DbTransaction.Release"] = "the base refuses; SupportsSavepoints is false",
        ["DbTransaction.ReleaseAsync"] = CallsSync,
        ["DbParameter.get_Precision"] = NoState,
        ["DbParameter.set_Precision"] = NoState,
        ["DbParameter.get_Scale"] = NoState,
        ["DbParameter.set_Scale"] = NoState,
        ["DbParameter.get_SourceVersion"] = NoState,
        ["DbParameter.set_SourceVersion"] = NoState,
        ["DbParameterCollection.get_IsFixedSize"] = NoState,
        ["DbParameterCollection.get_IsReadOnly"] = NoState,
        ["DbParameterCollection.get_IsSynchronized"] = NoState,
    };

    public static TheoryData<Type, string> Guards => new()
    {
        { typeof(DbDataSource), "GuardedDbDataSource" },
        { typeof(DbConnection), "GuardedDbConnection" },
        { typeof(DbCommand), "GuardedDbCommand" },
        { typeof(DbBatch), "GuardedDbBatch" },
        { typeof(DbBatchCommand), "GuardedDbBatchCommand" },
        { typeof(DbBatchCommandCollection), "GuardedDbBatchCommandCollection" },
        { typeof(DbDataReader), "GuardedDbDataReader" },
        { typeof(DbDataReader), "ReturnedRows" },
        { typeof(DbTransaction), "GuardedDbTransaction" },
        { typeof(DbParameter), "GuardedDbParameter" },
        { typeof(DbParameterCollection), "GuardedDbParameterCollection" },
    };

    [Theory]
    [MemberData(nameof(Guards))]
    public void Every_overridable_member_is_guarded_or_reviewed(Type platform, string name)
    {
        var guard = typeof(GuardSession).Assembly.GetType($"LangGuard.Data.{name}", throwOnError: true)!;
        var overridden = guard.GetMethods(All).Where(method => method.DeclaringType == guard)
            .Select(method => method.GetBaseDefinition()).ToHashSet();

        platform.GetMethods(All)
            .Where(method => method is { IsVirtual: true, IsFinal: false, IsPrivate: false, IsAssembly: false })
            .Where(method => method.DeclaringType is { } type
                && type != typeof(object) && type != typeof(MarshalByRefObject) && type != typeof(Component))
            .Where(method => !overridden.Contains(method.GetBaseDefinition()))
            .Where(method => !Reviewed.ContainsKey($"{platform.Name}.{method.Name}")
                && !Reviewed.ContainsKey($"{platform.Name}.{Signature(method)}") && !Reviewed.ContainsKey($"{name}.{Signature(method)}"))
            .Select(method => $"{platform.Name}.{Signature(method)}")
            .Should().BeEmpty("each needs an override, or a reason on the list");
    }

    [Fact]
    public void The_list_names_only_members_that_exist()
    {
        var members = Guards.SelectMany(row => ((Type)row[0]).GetMethods(All).SelectMany(method => (string[])[
            $"{((Type)row[0]).Name}.{method.Name}", $"{((Type)row[0]).Name}.{Signature(method)}", $"{row[1]}.{Signature(method)}"]))
            .ToHashSet();
        Reviewed.Keys.Should().OnlyContain(member => members.Contains(member));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void No_public_member_leads_to_an_object_of_the_driver(string engine)
    {
        using var file = new ShopFixture();
        using var session = engine == "sqlite"
            ? file.Session(db => db.Select("orders").Insert("orders"))
            : server.Session(db => db.Select("orders").Insert("orders"));
        var source = session.Database("shop");
        using var connection = source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(batch.CreateBatchCommand());
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, status FROM orders";
        using var reader = command.ExecuteReader();
        reader.Read();

        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var start in (object[])[source, connection, transaction, batch, batch.BatchCommands[0], command, reader])
        {
            Walk(start, seen, 0);
        }

        seen.Should().HaveCountGreaterThan(10);
    }

    private static string Signature(MethodInfo method) =>
        $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";

    /// <summary>Follows every readable property, without regard to what it is for.</summary>
    private static void Walk(object? value, HashSet<object> seen, int depth)
    {
        if (value is null or string or Type || value.GetType().IsPrimitive || depth > 6 || !seen.Add(value))
        {
            return;
        }

        var assembly = value.GetType().Assembly.GetName().Name!;
        assembly.Should().NotMatchRegex("^(Npgsql|Microsoft.Data.Sqlite|SQLitePCL)", $"{value.GetType()} is the driver's");
        if (value is System.Collections.IEnumerable items and not DbDataReader)
        {
            foreach (var item in items.Cast<object?>().Take(20))
            {
                Walk(item, seen, depth + 1);
            }
        }

        if (assembly is not ("LangGuard.Core" or "System.Data.Common"))
        {
            return;
        }

        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.CanRead && property.GetIndexParameters().Length == 0)
            {
                object? found;
                try
                {
                    found = property.GetValue(value);
                }
                catch (TargetInvocationException)
                {
                    continue;
                }

                Walk(found, seen, depth + 1);
            }
        }
    }
}
