using System.Text.RegularExpressions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Records;

/// <summary>What can not happen by construction is proved on the source.</summary>
public sealed class ConstructionTests
{
    private static readonly string Source = Configurations.RepositoryFile("src");

    [Fact]
    public void No_package_starts_programs_or_compiles_text() =>
        Uses(@"Process\.Start|ProcessStartInfo|Assembly\.Load|CSharpScript|BinaryFormatter|Expression\.Compile|DynamicMethod|TypeNameHandling").Should().BeEmpty();

    [Fact]
    public void No_package_reads_XML() => Uses(@"XmlReader|XDocument|XmlDocument|XmlSerializer").Should().BeEmpty();

    [Fact]
    public void No_package_expands_variables_of_the_environment() => Uses(@"ExpandEnvironmentVariables|JsonDerivedType|JsonPolymorphic").Should().BeEmpty();

    [Fact]
    public void Only_the_guard_makes_clients_and_sockets() =>
        Uses(@"new (?:HttpClient|HttpClientHandler|SocketsHttpHandler|WinHttpHandler|HttpMessageInvoker|ClientWebSocket|TcpClient|UdpClient|Socket)\(?\b|WebRequest\.|WebClient|SmtpClient")
            .Where(file => !file.StartsWith("LangGuard.Testing/", StringComparison.Ordinal)) // the fakes that tests talk to
            .Should().BeEquivalentTo(
                "LangGuard/Http/HttpFactorySession.cs", "LangGuard.Core/Http/EgressTransport.cs", "LangGuard.Core/Http/GuardSessionExtensions.Http.cs", "LangGuard.Core/Http/EgressPools.cs",
                "LangGuard.Core/Http/GuardedHttpHandler.cs");

    [Fact]
    public void The_search_of_these_tests_finds_something() => Uses(@"Path\.GetFileName").Should().NotBeEmpty();

    private static string[] Uses(string pattern) =>
        [.. Directory.GetFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadLines(file).Any(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Regex.IsMatch(line, pattern)))
            .Select(file => Path.GetRelativePath(Source, file).Replace('\\', '/'))];
}
