using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>Looks like a tool and denies every call, so that the loop goes on.</summary>
internal sealed class DeniedFunction(AIFunction likeness, Reason reason) : AIFunction, IGuardedFunction
{
    public override string Name { get; } = likeness.Name;

    public override string Description { get; } = likeness.Description;

    public override JsonElement JsonSchema { get; } = likeness.JsonSchema;

    GuardSession? IGuardedFunction.Session => null;

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(AIFunction) ? this : null;

    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        new(ToolAnswer.Denied(Decision.Deny(reason), null, null));
}
