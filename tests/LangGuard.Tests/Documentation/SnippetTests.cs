using System.Text;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LangGuard.Tests.Documentation;

/// <summary>Every snippet in the readme and the documentation compiles against the packages as they are.</summary>
public sealed class SnippetTests
{
    private static readonly string[] Usings =
    [
        "System", "System.Collections.Generic", "System.Data.Common", "System.IO", "System.IO.Abstractions", "System.Linq", "System.Net.Http",
        "System.Text.Json", "System.Threading", "System.Threading.Tasks", "LangGuard", "LangGuard.AI", "LangGuard.Auditing", "LangGuard.Data", "LangGuard.Files",
        "LangGuard.Http", "LangGuard.Misuse", "LangGuard.Permissions", "LangGuard.Testing", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Http", "Microsoft.Extensions.AI",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Logging", "ModelContextProtocol.Client",
        "ModelContextProtocol.Server", "Microsoft.AspNetCore.Routing",
    ];

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview);

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file))];

    public static TheoryData<string, string> Pages()
    {
        var pages = new TheoryData<string, string>();
        foreach (var (page, _, language, text) in Snippets.All().Where(snippet => snippet.Language is "csharp" or "json"))
        {
            pages.Add(page, language + "\n" + text);
        }

        return pages;
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Compiles(string page, string snippet)
    {
        var text = snippet[(snippet.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        if (snippet.StartsWith("json", StringComparison.Ordinal))
        {
            JsonDocument.Parse(text).RootElement.ValueKind.Should().Be(JsonValueKind.Object, page);
            StartsWith(text);
            return;
        }

        Problems(text).Should().BeEmpty($"this snippet of {page} is to compile:\n{text}");
    }

    /// <summary>A policy in a snippet is one that a host starts with; only its directories are others.</summary>
    private static void StartsWith(string json)
    {
        if (!json.Contains("\"LangGuard\"", StringComparison.Ordinal))
        {
            return;
        }

        var folder = Directory.CreateTempSubdirectory("langguard-snippet-");
        try
        {
            var root = Directory.CreateDirectory(Path.Combine(folder.FullName, "root")).FullName;
            json = json.Replace("/srv/support", root, StringComparison.Ordinal).Replace("/var/lib", folder.FullName, StringComparison.Ordinal);
            var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
            using var provider = new ServiceCollection().AddLangGuard(configuration.GetSection("LangGuard")).BuildServiceProvider();
            provider.GetRequiredKeyedService<Policy>("support").Should().NotBeNull();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_snippet_that_is_wrong_is_seen() => Problems("session.NoSuchMember();").Should().ContainMatch("*NoSuchMember*");

    /// <summary>Statements go into a method that sees <see cref="SnippetGlobals"/>; types stand beside it.</summary>
    private static IEnumerable<string> Problems(string text)
    {
        var unit = CSharpSyntaxTree.ParseText(text, Parsing).GetCompilationUnitRoot();
        var statements = string.Concat(unit.Members.OfType<GlobalStatementSyntax>().Select(statement => statement.ToFullString()));
        var types = string.Concat(unit.Members.Where(member => member is not GlobalStatementSyntax).Select(member => member.ToFullString()));
        var code = string.Concat(Usings.Select(name => $"using {name};\n")) + unit.Usings.ToFullString()
            + $"internal sealed class Snippet : {typeof(SnippetGlobals).FullName}\n{{\npublic async System.Threading.Tasks.Task Run()\n{{\n{statements}\n}}\n}}\n{types}";
        var compilation = CSharpCompilation.Create(
            "Snippet", [CSharpSyntaxTree.ParseText(code, Parsing)], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return unit.GetDiagnostics().Concat(compilation.GetDiagnostics())
            .Where(problem => problem.Severity == DiagnosticSeverity.Error).Select(problem => problem.ToString());
    }
}
