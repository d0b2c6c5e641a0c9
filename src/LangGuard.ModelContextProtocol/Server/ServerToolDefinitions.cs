using LangGuard.AI;
using LangGuard.Permissions;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LangGuard.ModelContextProtocol.Server;

/// <summary>Finds what a tool of the server is. The same answer for a list and for a call.</summary>
internal static class ServerToolDefinitions
{
    private const int MaxPages = 100;

    /// <summary>Why no call of a tool can be allowed; null when the arguments decide.</summary>
    internal static Reason? Objection(GuardSession session, Tool tool) =>
        FunctionReach.Objection(session, tool.Name, FunctionPins.Describe(tool.Name, tool.Description ?? "", tool.InputSchema, null));

    /// <summary>The definition of a listed tool. A listed form may be rewritten for an old client; the registered one is not.</summary>
    internal static Tool Registered(McpServer server, Tool listed) =>
        server.ServerOptions.ToolCollection is { } tools && tools.TryGetPrimitive(listed.Name, out var tool) ? tool.ProtocolTool : listed;

    /// <summary>The definition of the tool that a call would reach; null for one that is not listed, which is not callable.</summary>
    internal static async ValueTask<Tool?> FindAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var name = request.Params?.Name;
        if (request.MatchedPrimitive is McpServerTool matched)
        {
            return string.Equals(matched.ProtocolTool.Name, name, StringComparison.Ordinal) ? matched.ProtocolTool : null;
        }

        if (name is null || request.Server.ServerOptions.Handlers.ListToolsHandler is not { } list)
        {
            return null;
        }

        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var context = new RequestContext<ListToolsRequestParams>(
                request.Server, request.JsonRpcRequest, new ListToolsRequestParams { Cursor = cursor })
            {
                User = request.User,
                Services = request.Services,
            };
            var result = await list(context, cancellationToken).ConfigureAwait(false);
            if (result.Tools.FirstOrDefault(tool => string.Equals(tool.Name, name, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            cursor = result.NextCursor;
            if (cursor is null)
            {
                break;
            }
        }

        return null;
    }
}
