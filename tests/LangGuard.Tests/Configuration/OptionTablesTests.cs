using System.Reflection;
using LangGuard.Configuration;

namespace LangGuard.Tests.Configuration;

public sealed class OptionTablesTests
{
    /// <summary>Properties that are no data, so that configuration can not set them: (class, property).</summary>
    private static readonly HashSet<string> NotData = new(StringComparer.Ordinal);

    [Fact]
    public void Every_public_property_of_every_options_class_can_be_read()
    {
        var tables = Tables();
        var missing = new List<string>();
        foreach (var type in Reachable(typeof(PolicyOptions)))
        {
            if (!tables.TryGetValue(type, out var keys))
            {
                missing.Add($"{type.Name}: no table in OptionTables");
                continue;
            }

            missing.AddRange(Properties(type).Select(property => property.Name)
                .Where(name => !keys.Contains(name) && !NotData.Contains($"{type.Name}.{name}"))
                .Select(name => $"{type.Name}.{name}: no row in OptionTables"));
            missing.AddRange(keys.Where(key => type.GetProperty(key) is null)
                .Select(key => $"{type.Name}.{key}: a row without a property"));
        }

        missing.Should().BeEmpty();
    }

    private static Dictionary<Type, HashSet<string>> Tables() =>
        typeof(OptionTables).GetProperties(BindingFlags.Static | BindingFlags.NonPublic)
            .ToDictionary(
                property => property.PropertyType.GetGenericArguments()[0],
                property =>
                {
                    var table = property.GetValue(null)!;
                    var keys = table.GetType().GetProperty("Keys", BindingFlags.Instance | BindingFlags.NonPublic)!;
                    return ((IEnumerable<string>)keys.GetValue(table)!).ToHashSet(StringComparer.Ordinal);
                });

    private static PropertyInfo[] Properties(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public);

    private static HashSet<Type> Reachable(Type root)
    {
        var found = new HashSet<Type>();
        var open = new Stack<Type>([root]);
        while (open.TryPop(out var type))
        {
            if (!found.Add(type))
            {
                continue;
            }

            foreach (var property in Properties(type))
            {
                var inner = property.PropertyType.IsGenericType
                    ? property.PropertyType.GetGenericArguments()[^1]
                    : property.PropertyType;
                if (inner.IsClass && inner.Assembly == root.Assembly)
                {
                    open.Push(inner);
                }
            }
        }

        return found;
    }
}
