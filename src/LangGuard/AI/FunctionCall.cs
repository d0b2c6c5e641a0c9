using System.Text.Json;
using LangGuard.Misuse;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>One call, ready to be decided: the operation, and the arguments that the function will get.</summary>
internal readonly record struct FunctionCall(FunctionOperation Operation, AIFunctionArguments Arguments, Reason? Refusal)
{
    private static readonly AIFunctionArguments None = [];

    internal static FunctionCall Prepare(
        FunctionIdentity function, GuardSession session, AIFunctionArguments arguments, JsonSerializerOptions options)
    {
        var shape = FunctionShape.Of(session.Policy, function.Name);
        var refusal = IsPinned(shape, function) ? session.Functions.Check(function.Pin) : FunctionReasons.Changed;
        var read = refusal is null ? ArgumentScan.Read(arguments, shape.Listed, options) : null;
        if (read is null)
        {
            refusal ??= FunctionReasons.AmbiguousArguments;
            var attempt = new FunctionOperation(session.Principal, shape.Effects, function.Name, None, function.NeedsApproval);
            return new(attempt, None, refusal);
        }

        return new(
            new FunctionOperation(session.Principal, shape.Effects, function.Name, read, function.NeedsApproval), read, null);
    }

    /// <summary>Whether the policy asks for every call of a function and nobody is there to be asked on the spot: then the
    /// caller of the chat client is.</summary>
    internal static bool AlwaysAsks(Policy policy, string name) =>
        policy.Dependencies.Get<IApprover>() is null
        && policy.MisuseLayers.OfType<ApprovalLayer>().Any(layer => layer.AlwaysAsks(name, FunctionShape.Of(policy, name).Effects));

    private static bool IsPinned(FunctionShape shape, FunctionIdentity function) =>
        shape.Pin is null || string.Equals(shape.Pin, function.Pin.Hash, StringComparison.OrdinalIgnoreCase);
}
