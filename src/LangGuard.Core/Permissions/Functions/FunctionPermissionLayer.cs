using System.Collections.Frozen;
using LangGuard.Ablation;

namespace LangGuard.Permissions;

/// <summary>Permissions of functions: which ones, and with which arguments.</summary>
internal sealed class FunctionPermissionLayer : PermissionLayer
{
    private static readonly Decision Missing = Decision.NotGranted(FunctionReasons.NotGranted);

    private readonly FrozenDictionary<string, CompiledFunction> _functions;

    private FunctionPermissionLayer(Dictionary<string, CompiledFunction> functions) =>
        _functions = functions.ToFrozenDictionary(StringComparer.Ordinal);

    public override string Name => "functions.permissions";

    internal IEnumerable<string> Functions => _functions.Keys;

    public override bool Covers(Surface surface) => surface == Surface.Functions;

    public override Decision Decide(Operation operation)
    {
        if (operation is not FunctionOperation function)
        {
            return Decision.Abstain;
        }

        return _functions.TryGetValue(function.Function, out var compiled) ? compiled.Decide(function) : Missing;
    }

    internal CompiledFunction? Find(string name) => _functions.GetValueOrDefault(name);

    internal static FunctionPermissionLayer Compile(
        IDictionary<string, FunctionOptions> options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        var functions = new Dictionary<string, CompiledFunction>(StringComparer.Ordinal);
        foreach (var (name, entry) in options)
        {
            if (FunctionNames.SkeletonOf(name) is not { } skeleton)
            {
                errors.Add($"LimitPermissions:Functions:{name}", name, "It is not the name of a function.",
                    "Use letters, digits, '_', '-', '.' and '/', at most 128.");
            }
            else if (options.Keys.FirstOrDefault(other => other != name && FunctionNames.SkeletonOf(other) == skeleton) is { } other)
            {
                errors.Add($"LimitPermissions:Functions:{name}", name, $"The name can be taken for '{other}'.",
                    "Give one of the functions another name.");
            }

            if (CompiledFunction.Compile(name, entry, errors, dependencies.Off.Has(Wall.FunctionArguments)) is { } compiled)
            {
                functions.Add(name, compiled);
            }
        }

        return new FunctionPermissionLayer(functions);
    }
}
