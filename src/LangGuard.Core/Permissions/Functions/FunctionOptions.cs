namespace LangGuard.Permissions;

/// <summary>What an agent may pass to one function, and what the function does. With nothing set: no argument at all, and
/// every effect.</summary>
internal sealed class FunctionOptions
{
    /// <summary>What the function does. Null, the default, stands for every effect, so that no layer overlooks it.</summary>
    public Effects? Effects { get; set; }

    /// <summary>Arguments that have to be there and pass, by their exact name. Default: none.</summary>
    public IDictionary<string, ArgumentOptions> Arguments { get; } =
        new Dictionary<string, ArgumentOptions>(StringComparer.Ordinal);

    /// <summary>Arguments that may hold anything or be left out, by their exact name. Default: none.</summary>
    public ISet<string> AnyArguments { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether arguments that are not listed may hold anything. Default: no, they are denied.</summary>
    public bool UnguardedArguments { get; set; }

    /// <summary>Whether results are deployer-trusted content. Default: no.</summary>
    public bool Trusted { get; set; }

    /// <summary>The hash of the name, description and schema that the function must have. Null, the default, takes those it has
    /// when it is first seen; a later change is denied either way.</summary>
    public string? Pin { get; set; }
}
