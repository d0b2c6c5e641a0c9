using System.IO.Compression;
using System.Xml.Linq;
using LangGuard.Tests.Documentation;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Packaging;

/// <summary>What is packed is what a newcomer can use.</summary>
public sealed class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    [Fact]
    public void Every_package_has_a_readme_a_licence_documentation_and_symbols()
    {
        var files = Directory.GetFiles(packages.Feed, "*.nupkg");
        files.Should().HaveCount(PackableProjects().Count());
        foreach (var file in files)
        {
            File.Exists(Path.ChangeExtension(file, ".snupkg")).Should().BeTrue(file);
            using var package = ZipFile.OpenRead(file);
            var names = package.Entries.Select(entry => entry.FullName).ToArray();
            names.Should().Contain("README.md");
            names.Should().Contain(name => name.StartsWith("lib/net10.0/", StringComparison.Ordinal) && name.EndsWith(".xml", StringComparison.Ordinal));
            using var reader = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
            var metadata = XDocument.Load(reader).Root!.Elements().Single();
            string? Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
            Value("license").Should().Be("MIT");
            Value("readme").Should().Be("README.md");
            Value("description").Should().NotBeNullOrWhiteSpace();
            var repository = metadata.Elements().Single(element => element.Name.LocalName == "repository");
            repository.Attribute("type")?.Value.Should().Be("git");
            repository.Attribute("commit")?.Value.Should().MatchRegex("^[0-9a-f]{40}$", "a debugger looks the source up there");
            using var symbols = ZipFile.OpenRead(Path.ChangeExtension(file, ".snupkg"));
            symbols.Entries.Should().Contain(entry => entry.Name.EndsWith(".pdb", StringComparison.Ordinal) && entry.Length > 0);
        }
    }

    [Fact]
    public void The_security_page_and_the_readme_name_every_package()
    {
        foreach (var page in new[] { "README.md", "SECURITY.md" })
        {
            var text = File.ReadAllText(Configurations.RepositoryFile(page));
            PackableProjects().Where(name => !text.Contains($"`{name}`", StringComparison.Ordinal)).Should().BeEmpty($"{page} lists the packages");
        }
    }

    [Fact]
    public void Getting_started_works_as_it_is_written()
    {
        var folder = packages.NewFolder();
        var output = string.Empty;
        var hasProgram = false;
        foreach (var (_, _, language, text) in Snippets.All().Where(snippet => snippet.Page.EndsWith("getting-started.md", StringComparison.Ordinal)))
        {
            switch (language)
            {
                case "sh":
                    foreach (var line in text.Split('\n'))
                    {
                        if (line.StartsWith("cd ", StringComparison.Ordinal))
                        {
                            folder = Path.Combine(folder, line[3..]);
                        }
                        else
                        {
                            output = PackedPackages.Run(folder, line);
                        }
                    }

                    break;
                case "csharp" when !hasProgram:
                    File.WriteAllText(Path.Combine(folder, "Program.cs"), text);
                    hasProgram = true;
                    break;
                case "text":
                    text.Split('\n').Should().AllSatisfy(line => output.Should().Contain(line));
                    break;
                default:
                    break;
            }
        }

        output.Should().Contain("Where is my order 7?").And.Contain("shipped").And.NotContain("nobody may read this");
        File.Exists(Path.Combine(folder, "desk", "drafts", "reply.md")).Should().BeTrue();
    }

    [Fact]
    public void A_fresh_web_project_guards_a_request()
    {
        var folder = packages.NewFolder();
        PackedPackages.Run(folder, "dotnet new web -o .");
        PackedPackages.Run(folder, "dotnet add package LangGuard.AspNetCore");
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "hello");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """
            using System.Security.Claims;
            using LangGuard;
            using Microsoft.AspNetCore.Hosting.Server.Features;
            using Microsoft.AspNetCore.Hosting.Server;

            var builder = WebApplication.CreateBuilder(args);
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var root = Directory.CreateTempSubdirectory().FullName;
            File.WriteAllText(Path.Combine(root, "note.txt"), "hello from the root");
            builder.Services.AddLangGuard(guard => guard.LimitPermissions(allow => allow.Files("kb", root, files => files.Read("**"))));
            var app = builder.Build();
            app.Use((context, next) =>
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "ada")], "test"));
                return next(context);
            });
            app.UseLangGuard();
            app.MapGet("/{name}", (string name, GuardSession session) =>
            {
                try { return session.FileSystem.File.ReadAllText(name.Replace('~', '/')); }
                catch (AccessDeniedException denied) { return denied.Decision.Reason!.Rule; }
            });
            await app.StartAsync();
            using var client = new HttpClient();
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            Console.WriteLine(await client.GetStringAsync($"{address}/note.txt"));
            Console.WriteLine(await client.GetStringAsync($"{address}/..~..~etc~hostname"));
            """);

        var output = PackedPackages.Run(folder, "dotnet run");

        output.Should().Contain("hello from the root").And.Contain("files.outside-root");
    }

    private static IEnumerable<string> PackableProjects() => Directory
        .GetFiles(Path.GetDirectoryName(Configurations.RepositoryFile("src", "Directory.Build.props"))!, "*.csproj", SearchOption.AllDirectories)
        .Select(file => Path.GetFileNameWithoutExtension(file));
}
