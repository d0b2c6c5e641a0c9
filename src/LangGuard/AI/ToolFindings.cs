using LangGuard.Findings;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>Findings about the tools that a model is offered.</summary>
internal static class ToolFindings
{
    internal static IEnumerable<Finding> Of(PolicyOptions options, IEnumerable<AITool> tools)
    {
        foreach (var tool in tools)
        {
            var place = $"Tools:{tool.Name}";
            if (ApprovalMarker.GuardOf(tool) is not null)
            {
                if (tool is not GuardTool && !options.LimitPermissions.Functions.ContainsKey(tool.Name))
                {
                    yield return new("tools.not-granted", FindingSeverity.Warning, place,
                        "The tool is offered, and no permission covers it: every call is denied.", "Grant the function, or do not offer it.");
                }
            }
            else if (tool is AIFunction)
            {
                yield return new("tools.unguarded", FindingSeverity.Error, place,
                    "The model reaches the tool without a guard.", "Use ChatClientBuilder.UseLangGuard(), or pass session.Guard(tool).");
            }
            else if (tool is AIFunctionDeclaration)
            {
                yield return new("tools.declared-only", FindingSeverity.Note, place,
                    "Whoever answers the calls of this tool has to guard it.", "Guard the function where it is invoked.");
            }
            else
            {
                yield return new("tools.hosted", FindingSeverity.Error, place,
                    "The tool runs at the provider of the model, where no guard can stand.", "Offer a guarded function in its place.");
            }
        }
    }
}
