using System.Diagnostics;
using System.Text.RegularExpressions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Packaging;

/// <summary>The packages as a user gets them, in a folder of their own, and projects that restore them from there.</summary>
public sealed class PackedPackages : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-packages-").FullName;

    public PackedPackages()
    {
        var root = Path.GetDirectoryName(Configurations.RepositoryFile("LangGuard.sln"))!;
        Feed = Directory.CreateDirectory(Path.Combine(_folder, "feed")).FullName;
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        Run(root, $"dotnet pack LangGuard.sln --no-build -c {configuration} -o {Feed} --nologo -v quiet");

        // Only these packages and what the build has restored: the network is not asked.
        File.WriteAllText(Path.Combine(_folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_folder, "packages")}" /></config>
              <packageSources><clear /><add key="feed" value="{Feed}" /></packageSources>
              <fallbackPackageFolders><add key="restored" value="{Restored()}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    public string Feed { get; }

    /// <summary>An empty folder in which projects restore from the feed.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N")[..8])).FullName;

    /// <summary>Runs one command line and returns what it printed.</summary>
    public static string Run(string folder, string commandLine)
    {
        var words = commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => Regex.IsMatch(name, "^MSBUILD|^VSTEST|^MSBuild")).ToArray())
        {
            // Of the build that runs this test.
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_NOLOGO"] = start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{commandLine}\n{output}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Restored() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
