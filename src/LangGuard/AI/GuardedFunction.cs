using System.Diagnostics;
using System.Text.Json;
using LangGuard.Observability;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>A foreign function under the policy: name, schema and arguments are checked, the call is decided and recorded,
/// and the result is shaped. The function itself can not be reached through it.</summary>
internal sealed class GuardedFunction : AIFunction, IGuardedFunction
{
    private readonly AIFunction _inner;
    private readonly FunctionIdentity _identity;
    private readonly GuardSession? _session;
    private readonly ApprovalRequiredAIFunction _marker;
    private readonly bool _holdsGuard;
    private FunctionShape? _shape;

    internal GuardedFunction(AIFunction inner, GuardSession? session)
        : this(inner, FunctionIdentity.Of(inner), session)
    {
    }

    private GuardedFunction(AIFunction inner, FunctionIdentity identity, GuardSession? session)
    {
        _inner = inner;
        _identity = identity;
        _session = session;
        _holdsGuard = inner.GetService<IGuardedFunction>() is not null;
        _marker = new ApprovalRequiredAIFunction(this);
        if (session is not null)
        {
            // Pins the name now, so that one that looks like it comes too late.
            session.Functions.Check(_identity.Pin);
        }
    }

    public override string Name => _identity.Name;

    public override string Description => _identity.Description;

    public override JsonElement JsonSchema => _identity.Schema;

    public override JsonElement? ReturnJsonSchema => _identity.ReturnSchema;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties => _identity.Properties;

    public override JsonSerializerOptions JsonSerializerOptions => _inner.JsonSerializerOptions;

    GuardSession? IGuardedFunction.Session => _session;

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
        {
            return null;
        }

        // Invariant: nothing here leads to the inner function. The marker is a new one, around the guard.
        return serviceType == typeof(ApprovalRequiredAIFunction)
            ? NeedsApproval() ? _marker : null
            : serviceType == typeof(AITool) || serviceType == typeof(AIFunctionDeclaration) || serviceType == typeof(AIFunction)
                || serviceType == typeof(IGuardedFunction)
                ? this
                : null;
    }

    protected override async ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (ChatSession.For(_session, out var mismatch) is not { } session)
        {
            return ToolAnswer.Denied(Decision.Deny(mismatch ? Reasons.SessionMismatch : Reasons.SessionMissing), null, null);
        }

        var call = FunctionCall.Prepare(_identity, session, arguments, _inner.JsonSerializerOptions, ref _shape);
        if (call.Refusal is { } refusal)
        {
            return ToolAnswer.Denied(session.Refuse(call.Operation, refusal).Decision, null, null);
        }

        if (DecidedCall.TryTake(session, call.Operation))
        {
            // A guard around this one has decided on this very call, and looks at its result.
            return await _inner.InvokeAsync(call.Arguments, cancellationToken);
        }

        var answer = await session.TryAuthorizeAsync(call.Operation, cancellationToken);
        if (!answer.IsAllowed)
        {
            return ToolAnswer.Denied(answer.Decision, answer.ApprovalRequestId, null);
        }

        using var permit = answer.Permit;
        try
        {
            using var decided = _holdsGuard ? DecidedCall.Enter(session, call.Operation) : null;

            // What was decided on, not what the caller still holds.
            var result = await _inner.InvokeAsync(call.Arguments, cancellationToken);
            permit.BeginResult();
            ObserveResult(permit, result);
            var shaped = FunctionResult.Shape(result, session, permit.Grant, _inner.JsonSerializerOptions);
            permit.Complete(OperationOutcome.Success());
            return shaped;
        }
        catch (Exception exception) when (DenialIn(exception) is not null)
        {
            var denied = DenialIn(exception)!;
            return ToolAnswer.Denied(denied.Decision, denied.ApprovalRequestId, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            permit.Complete(new OperationOutcome(OutcomeStatus.Cancelled));
            throw;
        }
        catch (Exception exception)
        {
            // Invariant: nothing of a failure reaches a model, whatever the chat client shows of exceptions: connection
            // strings, host paths and another system's answers stand in them.
            permit.BeginResult();
            Activity.Current?.SetTag(TelemetryNames.ErrorType, exception.GetType().FullName);
            return ToolAnswer.Error(FunctionResult.Failed, Retry.Later);
        }
    }

    /// <summary>The same guard, with a marker that a person has to approve each call.</summary>
    internal GuardedFunction WithApproval(GuardSession? session) =>
        new(_inner, _identity.WithApproval(), _session ?? session);

    /// <summary>The operation that a call would raise, for an approval given beforehand; null when it would be refused.</summary>
    internal FunctionOperation? Prepare(GuardSession session, AIFunctionArguments arguments)
    {
        var call = FunctionCall.Prepare(_identity, session, arguments, _inner.JsonSerializerOptions, ref _shape);
        return call.Refusal is null ? call.Operation : null;
    }

    /// <summary>Ids that a function returns, and what a trusted one says, may be targets later.</summary>
    private static void ObserveResult(Permit permit, object? result)
    {
        switch (result)
        {
            case string text when permit.Observes:
                permit.Observe(text);
                break;
            // Nothing can be learned from one value, unless somebody vouches for it.
            case JsonElement json when permit.Observes
                && (json.ValueKind is JsonValueKind.Object or JsonValueKind.Array || permit.IsTrusted):
                permit.Observe(json.GetRawText());
                break;
        }
    }

    private static IAccessDenied? DenialIn(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is IAccessDenied denied)
            {
                return denied;
            }
        }

        return null;
    }

    private bool NeedsApproval() =>
        _identity.NeedsApproval
        || (ChatSession.For(_session, out _) is { } session && FunctionCall.AlwaysAsks(session.Policy, _identity.Name));
}
