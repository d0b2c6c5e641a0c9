using System.Text.Json;
using LangGuard.Misuse;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>A tool of ours, bound to one session. It raises only the operation of its resource, which the guard of that
/// resource decides; a denial is an ordinary result.</summary>
internal abstract class GuardTool(GuardSession session, ToolDefinition definition) : AIFunction, IGuardedFunction
{
    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement.Clone();

    private static readonly Reason BadArguments = new(
        "functions.arguments", "The arguments do not fit the tool.", Retry.ChangeArguments);

    public override string Name => definition.Name;

    public override string Description => definition.Description;

    public override JsonElement JsonSchema => definition.Schema;

    protected GuardSession Session => session;

    GuardSession? IGuardedFunction.Session => session;

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) && IsOwnFace(serviceType) ? this : null;
    }

    protected sealed override async ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (ToolArguments.TryRead(definition, arguments, out var problem) is not { } read)
        {
            var attempt = new FunctionOperation(session.Principal, definition.Effects, definition.Name, NoArguments);
            var refused = session.Refuse(attempt, BadArguments).Decision;
            return refused.Reason == BadArguments ? ToolAnswer.Error(problem) : ToolAnswer.Denied(refused, null, null);
        }

        try
        {
            return await RunOrAskAsync(read, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            return Failure(exception);
        }
    }

    /// <summary>Does the work. Throws what the guard throws.</summary>
    protected abstract ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken);

    /// <summary>What the model is told about a failure that is no denial; null for nothing but that it failed.</summary>
    protected virtual string? Explain(Exception exception) => null;

    /// <summary>Whether another try needs other arguments.</summary>
    protected virtual bool IsOfArguments(Exception exception) => false;

    /// <summary>What would be allowed, for a denial.</summary>
    protected virtual IReadOnlyList<string>? Allowed => null;

    private static bool IsOwnFace(Type type) =>
        type == typeof(AITool) || type == typeof(AIFunctionDeclaration) || type == typeof(AIFunction)
        || type == typeof(IGuardedFunction);

    /// <summary>The members of a resource that are not asynchronous can not wait for a person; the tool does it for them,
    /// and the second try uses up the approval.</summary>
    private async ValueTask<JsonElement> RunOrAskAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(arguments, cancellationToken);
        }
        catch (Exception exception) when (exception is IAccessDenied { ApprovalRequestId: not null })
        {
            var id = ((IAccessDenied)exception).ApprovalRequestId!;
            if (session.Policy.Dependencies.Get<IApprover>() is not { } approver)
            {
                throw;
            }

            if (!await session.Approvals.AskAsync(approver, id, cancellationToken))
            {
                return ToolAnswer.Denied(Decision.Deny(SessionApprovals.Rejected), null, null);
            }
        }

        return await RunAsync(arguments, cancellationToken);
    }

    private JsonElement Failure(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is IAccessDenied denied)
            {
                var shows = denied.Decision.Reason is { } reason && HasPublicScope(reason);
                return ToolAnswer.Denied(denied.Decision, denied.ApprovalRequestId, shows ? Allowed : null);
            }
        }

        return ToolAnswer.Error(Explain(exception) ?? "The tool failed.", IsOfArguments(exception) ? Retry.ChangeArguments : Retry.Later);
    }

    /// <summary>Whether the scope may be told: not where a hidden or untrusted thing is the reason.</summary>
    private static bool HasPublicScope(Reason reason) =>
        reason.Retry == Retry.ChangeArguments
        && (reason.Rule.StartsWith("files.", StringComparison.Ordinal)
            || reason.Rule.StartsWith("http.", StringComparison.Ordinal)
            || reason.Rule.StartsWith("database.", StringComparison.Ordinal))
        && !reason.Rule.Contains("sensitive", StringComparison.Ordinal)
        && !reason.Rule.Contains("secret", StringComparison.Ordinal);
}
