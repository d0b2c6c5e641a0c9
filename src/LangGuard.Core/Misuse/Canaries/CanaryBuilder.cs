namespace LangGuard.Misuse;

/// <summary>Plants canaries.</summary>
public sealed class CanaryBuilder
{
    private readonly CanaryOptions _options;

    internal CanaryBuilder(CanaryOptions options) => _options = options;

    /// <summary>A file that nobody has a reason to open, by the name of its root and its name beneath it.</summary>
    public CanaryBuilder File(string root, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _options.Files.Add($"{root}/{name.Trim('/')}");
        return this;
    }

    /// <summary>A text that never belongs in anything that is sent: the content of a canary file, or of a row.</summary>
    public CanaryBuilder Value(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _options.Values.Add(value);
        return this;
    }
}
