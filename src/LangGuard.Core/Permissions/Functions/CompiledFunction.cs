namespace LangGuard.Permissions;

/// <summary>The compiled permission of one function.</summary>
internal sealed class CompiledFunction
{
    private static readonly Decision MissingOrWrong = Decision.NotGranted(FunctionReasons.Argument);
    private static readonly Decision Unlisted = Decision.NotGranted(FunctionReasons.UnlistedArgument);

    private readonly CompiledArgument[] _arguments;
    private readonly string[] _any;
    private readonly bool _anythingElse;
    private readonly bool _takesAnything;
    private readonly Decision _allow;

    private CompiledFunction(FunctionOptions options, CompiledArgument[] arguments, bool takesAnything)
    {
        _arguments = arguments;
        _any = [.. options.AnyArguments];
        _takesAnything = takesAnything;
        _anythingElse = options.UnguardedArguments;
        _allow = Decision.Allow(new FunctionGrant(options.Trusted));
        Effects = options.Effects ?? Effects.All;
        Pin = options.Pin;
        Listed = [.. arguments.Select(argument => argument.Name).Concat(_any).Select(ListedArgument.Of)];
    }

    internal Effects Effects { get; }

    internal string? Pin { get; }

    /// <summary>Every argument that the permission names.</summary>
    internal ListedArgument[] Listed { get; }

    internal static CompiledFunction? Compile(string name, FunctionOptions options, PolicyErrors errors, bool takesAnything = false)
    {
        var before = errors.All.Count;
        var path = $"LimitPermissions:Functions:{name}";
        var arguments = options.Arguments
            .Select(entry => CompiledArgument.Compile($"{path}:Arguments:{entry.Key}", entry.Key, entry.Value, errors))
            .ToArray();
        foreach (var same in options.Arguments.Keys.Concat(options.AnyArguments)
            .GroupBy(argument => argument, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            errors.Add(path, same.Key, "The argument is listed twice.", "Keep it in Arguments or in AnyArguments, in one case.");
        }

        if (options.Effects is Effects.None)
        {
            errors.Add($"{path}:Effects", null, "A function without effect does nothing.", "Say Read at least.");
        }

        return errors.All.Count == before ? new CompiledFunction(options, arguments!, takesAnything) : null;
    }

    internal Decision Decide(FunctionOperation operation)
    {
        if (_takesAnything)
        {
            return _allow;
        }

        var listed = 0;
        foreach (var argument in _arguments)
        {
            if (!operation.TryGetArgument(argument.Name, out var value) || !argument.Passes(value))
            {
                return MissingOrWrong;
            }

            listed++;
        }

        if (_anythingElse)
        {
            return _allow;
        }

        foreach (var name in _any)
        {
            if (operation.HasArgument(name))
            {
                listed++;
            }
        }

        return listed == operation.ArgumentCount ? _allow : Unlisted;
    }
}
