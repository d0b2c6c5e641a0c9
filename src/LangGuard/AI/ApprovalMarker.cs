using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>The platform's marker around a guard: <c>new ApprovalRequiredAIFunction(session.Guard(tool))</c>. It only marks, so
/// the guard takes the mark over instead of a second guard being put around both.</summary>
internal static class ApprovalMarker
{
    /// <summary>The guard with the mark; null when the function is no marker directly around a guard. A wrapper in between
    /// is somebody's own code and stays under a guard.</summary>
    internal static AIFunction? Merge(AIFunction function, GuardSession? session) =>
        function is not ApprovalRequiredAIFunction marker ? null : InnerOf(marker) switch
        {
            GuardedFunction guarded => guarded.WithApproval(session),
            IGuardedFunction => function,
            _ => null,
        };

    /// <summary>The session of the guard that a function is or directly marks.</summary>
    internal static IGuardedFunction? GuardOf(AITool tool) =>
        tool as IGuardedFunction ?? (tool is ApprovalRequiredAIFunction marker ? InnerOf(marker) as IGuardedFunction : null);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerFunction")]
    private static extern AIFunction InnerOf(DelegatingAIFunction function);
}
