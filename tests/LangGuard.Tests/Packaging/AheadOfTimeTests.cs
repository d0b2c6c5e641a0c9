using System.Runtime.InteropServices;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Packaging;

/// <summary>A small app, compiled ahead of time without a warning, allows and denies on every surface.</summary>
public sealed class AheadOfTimeTests
{
    [Fact]
    public void Allows_and_denies_on_every_surface()
    {
        var root = Path.GetDirectoryName(Configurations.RepositoryFile("LangGuard.sln"))!;
        var folder = Directory.CreateTempSubdirectory("langguard-aot-");
        try
        {
            PackedPackages.Run(root, "dotnet publish tests/LangGuard.AotTests -c Release --nologo -v quiet "
                + $"-r {RuntimeInformation.RuntimeIdentifier} -o {folder.FullName} --artifacts-path {Path.Combine(folder.FullName, "build")}");

            // Ends with the number of wrong answers, which is an error.
            var output = PackedPackages.Run(folder.FullName, Path.Combine(folder.FullName, "LangGuard.AotTests"));

            foreach (var surface in new[] { "files", "http", "database", "functions" })
            {
                output.Should().Contain($"{surface} allow: ").And.Contain($"{surface} deny: {surface}.");
            }

            output.Should().Contain("tools allow: ").And.Contain("tools deny: files.outside-root").And.NotContain("WRONG");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
