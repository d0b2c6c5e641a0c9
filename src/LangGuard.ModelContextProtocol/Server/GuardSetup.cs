using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace LangGuard.ModelContextProtocol.Server;

/// <summary>Puts the filters in their places, after everybody else has put theirs.</summary>
internal sealed class GuardSetup(RequestSessions sessions) : IPostConfigureOptions<McpServerOptions>
{
    public void PostConfigure(string? name, McpServerOptions options)
    {
        var tools = new ToolFilters(sessions);
        var filters = options.Filters.Request;
        filters.ListToolsFilters.Insert(0, tools.List);
        filters.CallToolFilters.Insert(0, tools.Gate);
        filters.CallToolFilters.Add(tools.Decide);
        new OtherFilters(sessions).AddTo(filters);
    }
}
