namespace LangGuard.Conformance;

/// <summary>The command line after the surface.</summary>
public sealed class ConformanceArguments
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];

    /// <summary>Splits options, which have one value each, from files.</summary>
    public ConformanceArguments(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < arguments.Count)
            {
                _options[arguments[i]] = arguments[++i];
            }
            else
            {
                _files.Add(arguments[i]);
            }
        }
    }

    /// <summary>The files.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>The value of an option, or null.</summary>
    public string? this[string option] => _options.GetValueOrDefault(option);
}
