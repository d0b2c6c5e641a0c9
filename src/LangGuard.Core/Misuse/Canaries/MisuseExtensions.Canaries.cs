namespace LangGuard;

/// <content>Plants things that no honest work touches.</content>
public static partial class MisuseExtensions
{
    /// <summary>Plants a file that nobody has a reason to open. Reading it is denied and freezes the session and its children.</summary>
    /// <param name="misuse">The builder.</param>
    /// <param name="root">The name of its root.</param>
    /// <param name="name">Its name beneath the root.</param>
    public static MisuseBuilder PlantCanaryFile(this MisuseBuilder misuse, string root, string name)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        misuse.Options.PlantCanaries.Files.Add($"{root}/{name.Trim('/')}");
        return misuse;
    }

    /// <summary>Plants a text that never belongs in anything that is sent: the content of a canary file, or of a row. Sending it
    /// is denied and freezes the session and its children.</summary>
    /// <param name="misuse">The builder.</param>
    /// <param name="value">The text.</param>
    public static MisuseBuilder PlantCanaryValue(this MisuseBuilder misuse, string value)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        misuse.Options.PlantCanaries.Values.Add(value);
        return misuse;
    }
}
