namespace LangGuard.Permissions;

/// <summary>Says which arguments of a function an agent may pass, and what the function does. What is not said is denied
/// or counts as the worst.</summary>
public sealed class FunctionBuilder
{
    internal FunctionBuilder(FunctionOptions options) => Options = options;

    internal FunctionOptions Options { get; }

    /// <summary>An argument that has to be there and pass every rule.</summary>
    /// <param name="argument">The exact name.</param>
    /// <param name="rules">The rules; at least one.</param>
    public FunctionBuilder Require(string argument, params ArgumentRule[] rules)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(argument);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentOutOfRangeException.ThrowIfZero(rules.Length);
        if (!Options.Arguments.TryGetValue(argument, out var options))
        {
            Options.Arguments.Add(argument, options = new ArgumentOptions());
        }

        foreach (var rule in rules)
        {
            rule.Apply(options);
        }

        return this;
    }

    /// <summary>Arguments that may hold anything or be left out.</summary>
    /// <param name="arguments">The exact names.</param>
    public FunctionBuilder Any(params string[] arguments)
    {
        Options.AnyArguments.UnionWith(arguments);
        return this;
    }

    /// <summary>Lets arguments through that are not listed, whatever they hold.</summary>
    public FunctionBuilder UnguardedArguments()
    {
        Options.UnguardedArguments = true;
        return this;
    }

    /// <summary>Says what the function does. Not said, it counts as doing everything.</summary>
    /// <param name="effects">The effects.</param>
    public FunctionBuilder Does(Effects effects)
    {
        Options.Effects = effects;
        return this;
    }

    /// <summary>Says that the function only reads and sends nothing to anybody.</summary>
    public FunctionBuilder OnlyReads() => Does(Effects.Read);

    /// <summary>Says that results are content that the deployer vouches for.</summary>
    public FunctionBuilder Trusted()
    {
        Options.Trusted = true;
        return this;
    }

    /// <summary>Demands this very name, description and schema.</summary>
    /// <param name="hash">The hash, as the report of a changed function shows it.</param>
    public FunctionBuilder Pin(string hash)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(hash);
        Options.Pin = hash;
        return this;
    }
}
