using Microsoft.Extensions.Configuration;

namespace LangGuard.Configuration;

/// <summary>One pass over one section: where it starts, and the errors found so far.</summary>
internal sealed class ConfigurationReading(PolicyErrors errors, string rootPath)
{
    internal PolicyErrors Errors => errors;

    internal void Error(IConfigurationSection section, string problem, string remedy) =>
        Error(section.Path, section.Value, problem, remedy);

    internal void Error(string path, string? value, string problem, string remedy) =>
        errors.Add(Relative(path), value, problem, remedy);

    /// <summary>Whether a section holds nothing: an empty object, an empty list or null.</summary>
    internal static bool IsEmpty(IConfigurationSection section) =>
        string.IsNullOrEmpty(section.Value) && !section.GetChildren().Any();

    private string Relative(string path) =>
        path.Length > rootPath.Length + 1 && path.StartsWith(rootPath, StringComparison.OrdinalIgnoreCase)
            ? path[(rootPath.Length + 1)..]
            : path;
}
