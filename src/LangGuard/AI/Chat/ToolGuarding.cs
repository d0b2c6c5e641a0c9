using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LangGuard.AI;

/// <summary>Replaces every tool that a model can reach by its guard, or refuses it.</summary>
internal sealed class ToolGuarding(IReadOnlyList<FunctionInvokingChatClient> invokers, ToolGuardOptions options, ILogger logger)
{
    private readonly ConditionalWeakTable<AIFunction, AIFunction> _guards = [];
    private readonly Lock _lock = new();
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly HashSet<Func<FunctionInvocationContext, CancellationToken, ValueTask<object?>>> _walls = [];

    /// <summary>The options with guarded tools. The caller's own are not changed.</summary>
    internal ChatOptions? Guard(ChatOptions? chatOptions, GuardSession? session)
    {
        GuardAdditionalTools();
        GuardInvocation();
        if (chatOptions?.Tools is not { Count: > 0 } tools)
        {
            return chatOptions;
        }

        var guarded = new List<AITool>(tools.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tool in tools)
        {
            if (!names.Add(tool.Name))
            {
                throw new InvalidOperationException($"Two tools are called '{tool.Name}'. Which one runs would be chance; rename one.");
            }

            guarded.Add(Guard(tool, session, invokers.Count > 0));
        }

        var clone = chatOptions.Clone();
        clone.Tools = guarded;
        return clone;
    }

    /// <summary>Tools that the invoking client knows by itself are callable although no model is told of them.</summary>
    internal void GuardAdditionalTools()
    {
        foreach (var invoker in invokers)
        {
            if (invoker.AdditionalTools is { Count: > 0 } tools
                && !tools.All(tool => tool is IGuardedFunction || ApprovalMarker.GuardOf(tool) is GuardTool))
            {
                invoker.AdditionalTools = [.. tools.Select(tool => Guard(tool, null, canInvoke: true))];
            }
        }
    }

    /// <summary>The last wall: a tool that was added while the loop runs, by another tool or by the host, is found by the
    /// invoking client without having passed here.</summary>
    internal void GuardInvocation()
    {
        foreach (var invoker in invokers)
        {
            lock (_lock)
            {
                if (invoker.FunctionInvoker is { } own && _walls.Contains(own))
                {
                    continue;
                }

                var wall = WallBefore(invoker.FunctionInvoker);
                _walls.Add(wall);
                invoker.FunctionInvoker = wall;
            }
        }
    }

    private Func<FunctionInvocationContext, CancellationToken, ValueTask<object?>> WallBefore(
        Func<FunctionInvocationContext, CancellationToken, ValueTask<object?>>? next) => (context, cancellationToken) =>
    {
        if (ApprovalMarker.GuardOf(context.Function) is null)
        {
            Report(context.Function.Name, "guarded, added while the model was working");
            context.Function = GuardOf(context.Function);
        }

        return next is null
            ? context.Function.InvokeAsync(context.Arguments, cancellationToken)
            : next(context, cancellationToken);
    };

    /// <summary>The guards of this call by name, as the invoking client finds them.</summary>
    internal IReadOnlyDictionary<string, AIFunction> Reachable(ChatOptions? chatOptions)
    {
        var reachable = new Dictionary<string, AIFunction>(StringComparer.Ordinal);
        foreach (var tool in (chatOptions?.Tools ?? []).Concat(invokers.SelectMany(invoker => invoker.AdditionalTools ?? [])).OfType<AIFunction>())
        {
            reachable.TryAdd(tool.Name, tool);
        }

        return reachable;
    }

    private AITool Guard(AITool tool, GuardSession? session, bool canInvoke)
    {
        if (ApprovalMarker.GuardOf(tool) is { } own)
        {
            Report(tool.Name, "guarded");
            return !ChatSession.Fits(own.Session, session)
                ? new DeniedFunction((AIFunction)tool, Reasons.SessionMismatch)
                : tool is IGuardedFunction ? tool : GuardOf((AIFunction)tool);
        }

        switch (tool)
        {
            case AIFunction function when canInvoke:
                Report(tool.Name, "guarded");
                return GuardOf(function);
            case AIFunction:
                throw new InvalidOperationException(
                    $"The tool '{tool.Name}' would run without its guard. Call UseLangGuard before UseFunctionInvocation, or "
                    + "pass session.Guard(tool) where you invoke tools yourself.");
            case AIFunctionDeclaration:
                Report(tool.Name, "declared only; whoever answers the call has to guard it");
                return tool;
            default:
                var name = HostedName(tool);
                if (!options.AllowsHosted(name))
                {
                    throw new NotSupportedException(
                        $"The tool '{name}' runs at the provider of the model, where no guard can stand. Remove it, or "
                        + $"accept that with AllowHostedToolUnguarded(\"{name}\").");
                }

                Report(name, "hosted by the provider and not guarded");
                return tool;
        }
    }

    private AIFunction GuardOf(AIFunction function) => _guards.GetValue(
        function, static key => ApprovalMarker.Merge(key, null) ?? new GuardedFunction(key, null));

    /// <summary>Every hosted MCP server has the same tool name; to accept one is not to accept all.</summary>
    private static string HostedName(AITool tool) =>
        tool is HostedMcpServerTool server ? $"{server.Name}:{server.ServerAddress}" : tool.Name;

    private void Report(string name, string state)
    {
        lock (_lock)
        {
            if (_reported.Count < 10_000 && _reported.Add(name + "\n" + state))
            {
                logger.ToolReachable(name, state);
            }
        }
    }
}
