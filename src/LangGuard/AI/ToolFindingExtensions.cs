using LangGuard.AI;
using LangGuard.Findings;
using Microsoft.Extensions.AI;

namespace LangGuard;

/// <summary>Reviews policies together with the tools that a model is offered.</summary>
public static class ToolFindingExtensions
{
    /// <summary>The findings of the policy, and which of the tools no guard stands before. <c>UseLangGuard</c> guards the tools of a
    /// chat client by itself; this is for tools that reach a model by another way.</summary>
    public static PolicyFindings Findings(this Policy policy, IEnumerable<AITool> tools)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(tools);
        return new PolicyFindings(policy.Name, [.. policy.Findings(), .. ToolFindings.Of(policy.Options, tools)]);
    }
}
