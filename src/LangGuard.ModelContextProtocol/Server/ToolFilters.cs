using System.Text.Json;
using LangGuard.AI;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LangGuard.ModelContextProtocol.Server;

/// <summary>The tools of a server under a policy. A list and a call ask the same question first, so that what is not
/// allowed is neither shown nor callable; then each call is decided with its arguments.</summary>
internal sealed class ToolFilters(RequestSessions sessions)
{
    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement.Clone();

    /// <summary>The filter of lists, around all others: whatever they add is looked at too.</summary>
    internal McpRequestHandler<ListToolsRequestParams, ListToolsResult> List(McpRequestHandler<ListToolsRequestParams, ListToolsResult> next) =>
        async (request, cancellationToken) =>
        {
            using var entered = sessions.Enter(request);
            var all = await next(request, cancellationToken).ConfigureAwait(false);
            // Invariant: a list is one user's. Nobody may keep it for another.
            var result = new ListToolsResult { NextCursor = all.NextCursor, Meta = all.Meta, CacheScope = CacheScope.Private, TimeToLive = TimeSpan.Zero };
            if (entered.Session is not { } session)
            {
                return result;
            }

            var own = OwnTools(session);
            if (request.Params?.Cursor is null)
            {
                foreach (var tool in own)
                {
                    result.Tools.Add(McpServerTool.Create(tool, new McpServerToolCreateOptions()).ProtocolTool);
                }
            }

            var names = own.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var tool in all.Tools)
            {
                // Of two with one name it would be chance which one is called.
                if (ServerToolDefinitions.Objection(session, ServerToolDefinitions.Registered(request.Server, tool)) is null && names.Add(tool.Name))
                {
                    result.Tools.Add(tool);
                }
            }

            return result;
        };

    /// <summary>The first filter of calls, around all others: what is not listed goes nowhere.</summary>
    internal McpRequestHandler<CallToolRequestParams, CallToolResult> Gate(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (request, cancellationToken) =>
        {
            using var entered = sessions.Enter(request);
            if (entered.Session is not { } session)
            {
                return Denied(Decision.Deny(entered.Missing));
            }

            if (request.MatchedPrimitive is null && OwnTools(session).FirstOrDefault(tool => tool.Name == request.Params?.Name) is { } own)
            {
                return await McpServerTool.Create(own, new McpServerToolCreateOptions()).InvokeAsync(request, cancellationToken)
                    .ConfigureAwait(false);
            }

            return await RefusalAsync(request, session, cancellationToken).ConfigureAwait(false) ?? await next(request, cancellationToken).ConfigureAwait(false);
        };

    /// <summary>The last filter of calls, next to the tool: nothing changes a call between the decision and the tool.</summary>
    internal McpRequestHandler<CallToolRequestParams, CallToolResult> Decide(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (request, cancellationToken) =>
        {
            using var entered = sessions.Enter(request);
            if (entered.Session is not { } session)
            {
                return Denied(Decision.Deny(entered.Missing));
            }

            // Again: another filter may have exchanged the tool since.
            if (await RefusalAsync(request, session, cancellationToken).ConfigureAwait(false) is { } refused)
            {
                return refused;
            }

            var tool = await ServerToolDefinitions.FindAsync(request, cancellationToken).ConfigureAwait(false);
            return await new ServerToolCall(request, next).RunAsync(tool!, session, cancellationToken)
                .ConfigureAwait(false);
        };

    private static CallToolResult Denied(Decision decision) => ServerToolCall.Denied(ToolAnswer.Denied(decision, null, null));

    private static async ValueTask<CallToolResult?> RefusalAsync(
        RequestContext<CallToolRequestParams> request, GuardSession session, CancellationToken cancellationToken)
    {
        var tool = await ServerToolDefinitions.FindAsync(request, cancellationToken).ConfigureAwait(false);
        var objection = tool is null ? FunctionReasons.NotGranted : ServerToolDefinitions.Objection(session, tool);
        if (objection is null)
        {
            return null;
        }

        var name = string.IsNullOrWhiteSpace(request.Params?.Name) ? "(none)" : request.Params.Name;
        return Denied(session.Refuse(new FunctionOperation(session.Principal, Effects.All, name, NoArguments), objection).Decision);
    }

    private IReadOnlyList<AIFunction> OwnTools(GuardSession session)
    {
        if (!sessions.ServesSessionTools)
        {
            return [];
        }

        var tools = session.GetTools();
        foreach (var tool in tools)
        {
            // Known first, so that a tool of the server that looks like one of them comes too late.
            session.Functions.Check(FunctionPins.Describe(tool.Name, tool.Description, tool.JsonSchema, null));
        }

        return tools;
    }
}
