using Microsoft.Extensions.Configuration;

namespace LangGuard.Tests.Support;

/// <summary>Configuration roots for tests.</summary>
internal static class Configurations
{
    internal static IConfigurationRoot FromJson(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json))).Build();

    internal static string RepositoryFile(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LangGuard.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found.");
        }

        return Path.Combine([folder.FullName, .. parts]);
    }
}
