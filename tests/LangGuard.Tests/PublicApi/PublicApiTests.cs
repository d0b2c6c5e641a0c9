using System.Reflection;
using LangGuard.Tests.Support;
using PublicApiGenerator;

namespace LangGuard.Tests.PublicApi;

/// <summary>Every public member of every package is one that somebody has looked at: a change of the API shows as a change of these files.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Packages =>
    [
        "LangGuard.Core", "LangGuard", "LangGuard.AspNetCore", "LangGuard.Sqlite", "LangGuard.PostgreSql", "LangGuard.MySql", "LangGuard.DuckDb", "LangGuard.SqlServer", "LangGuard.OpenApi",
        "LangGuard.EntityFrameworkCore", "LangGuard.ModelContextProtocol", "LangGuard.Testing",
    ];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Is_the_one_that_was_reviewed(string package)
    {
        var path = Configurations.RepositoryFile("tests", "LangGuard.Tests", "PublicApi", package + ".approved.txt");
        var api = Assembly.Load(package).GeneratePublicApi(new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            DenyNamespacePrefixes = [],
            ExcludeAttributes = ["System.Runtime.CompilerServices.ExtensionMarkerAttribute"],
        }).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("LANGGUARD_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, api);
        }

        (File.Exists(path) && File.ReadAllText(path) == api).Should().BeTrue(
            "the public API has changed: run this test with LANGGUARD_UPDATE_DOCS=1 and review the difference of {0}", Path.GetFileName(path));
    }

    [Fact]
    public void Covers_every_package() =>
        Packages.Cast<object[]>().Select(row => (string)row[0]).Should().BeEquivalentTo(
            Directory.GetFiles(Configurations.RepositoryFile("src"), "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file)));
}
