using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Practices;

/// <summary>How the project is run: where to report, what is promised, what is called by its name.</summary>
public sealed partial class PracticeTests
{
    private static readonly Assembly[] Shipped =
        [.. new[] { "LangGuard.Core", "LangGuard", "LangGuard.AspNetCore", "LangGuard.Sqlite", "LangGuard.PostgreSql", "LangGuard.MySql", "LangGuard.DuckDb", "LangGuard.SqlServer", "LangGuard.OpenApi" }.Select(Assembly.Load)];

    [Theory]
    [InlineData("Practice S34", "## Reporting")]
    [InlineData("Practice S34", "Safe harbour")]
    [InlineData("Practice S34", "working days")]
    [InlineData("Practice S35", "## In scope")]
    [InlineData("Practice S35", "## Out of scope")]
    [InlineData("Practice S38", "Any effect outside the policy through a guarded object is a vulnerability")]
    [InlineData("Practice S38", "| Critical |")]
    [InlineData("Practice S41", "Report a vulnerability")]
    public void Practice_S34_S35_S38_S41_the_security_page_says_where_what_and_how(string statement, string text) =>
        File.ReadAllText(Configurations.RepositoryFile("SECURITY.md")).Should().Contain(text, statement);

    [Fact]
    public void Practice_S37_no_stable_package_has_experimental_members() =>
        Shipped.SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(type => type.GetMembers().Append(type))
            .Where(member => member.GetCustomAttribute<ExperimentalAttribute>() is not null).Should().BeEmpty();

    [Fact]
    public void Practice_S39_what_weakens_a_guard_says_so_in_its_name()
    {
        var weakening = Shipped.SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(type => type.GetMembers())
            .Where(member => member.Name.Contains("Disable", StringComparison.Ordinal) || member.Name.Contains("TurnOff", StringComparison.Ordinal)
                || member.Name.Contains("AllowAll", StringComparison.Ordinal) || member.Name.Contains("Insecure", StringComparison.Ordinal));

        weakening.Should().BeEmpty("such members are called Unguarded");
        Shipped.SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(type => type.GetMembers())
            .Should().Contain(member => member.Name.Contains("Unguarded", StringComparison.Ordinal));
    }

    [Fact]
    public void Practice_S40_no_package_names_an_address_of_its_own() =>
        Directory.GetFiles(Path.GetDirectoryName(Configurations.RepositoryFile("src", "Directory.Build.props"))!, "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadLines(file).Any(line => line.Contains("new Uri(\"http", StringComparison.Ordinal)))
            .Should().BeEmpty();
}
