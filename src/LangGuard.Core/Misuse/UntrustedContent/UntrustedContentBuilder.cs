namespace LangGuard.Misuse;

/// <summary>Says what untrusted content changes.</summary>
public sealed class UntrustedContentBuilder
{
    private readonly UntrustedContentOptions _options;

    internal UntrustedContentBuilder(UntrustedContentOptions options) => _options = options;

    /// <summary>Says whether the user's own words may name targets. Untrusted for agents that anybody can reach.</summary>
    public UntrustedContentBuilder Users(UserWords words)
    {
        _options.UserWords = words;
        return this;
    }

    /// <summary>Trusts values as targets of sending and writing.</summary>
    public UntrustedContentBuilder Trust(params string[] values)
    {
        _options.TrustedValues.UnionWith(values);
        return this;
    }

    /// <summary>Trusts the e-mail addresses of domains as receivers.</summary>
    public UntrustedContentBuilder TrustEmailDomain(params string[] domains)
    {
        _options.TrustedEmailDomains.UnionWith(domains);
        return this;
    }

    /// <summary>Says which arguments of a function name receivers, records or places.</summary>
    public UntrustedContentBuilder Targets(string function, params string[] arguments)
    {
        Of(function).Arguments.UnionWith(arguments);
        return this;
    }

    /// <summary>Says which argument has to be in the user's words when a call names no target.</summary>
    public UntrustedContentBuilder Subject(string function, string argument)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(argument);
        Of(function).Subject = argument;
        return this;
    }

    /// <summary>Keeps what sessions with untrusted content wrote in a file of the host, outside every root.</summary>
    public UntrustedContentBuilder KeepLabelsIn(string file)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        _options.LabelFile = file;
        return this;
    }

    private FunctionTargetOptions Of(string function)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(function);
        if (!_options.Functions.TryGetValue(function, out var targets))
        {
            _options.Functions.Add(function, targets = new FunctionTargetOptions());
        }

        return targets;
    }
}
