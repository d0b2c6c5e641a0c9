using System.Text.Json;
using LangGuard.Misuse;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>One call, ready to be decided: the operation, and the arguments that the function will get.</summary>
internal readonly struct FunctionCall
{
    private static readonly ArgumentValues None = new([], []);

    private readonly ArgumentValues _values;
    private readonly AIFunctionArguments _arguments;

    private FunctionCall(FunctionOperation operation, in ArgumentValues values, AIFunctionArguments arguments, Reason? refusal)
    {
        Operation = operation;
        Refusal = refusal;
        _values = values;
        _arguments = arguments;
    }

    internal FunctionOperation Operation { get; }

    internal Reason? Refusal { get; }

    /// <summary>What the function gets: what was decided on, whatever the caller has changed since.</summary>
    internal AIFunctionArguments Arguments => ArgumentScan.Given(_values, _arguments);

    /// <summary>Reads a call.</summary>
    /// <param name="function">The function as it was first seen.</param>
    /// <param name="session">The session it is called in.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="options">How the function writes other values as JSON.</param>
    /// <param name="known">What the policy said of the function the last time; anew when the policy is another one.</param>
    internal static FunctionCall Prepare(
        FunctionIdentity function, GuardSession session, AIFunctionArguments arguments, JsonSerializerOptions options,
        ref FunctionShape? known)
    {
        var policy = session.Policy;
        var shape = Volatile.Read(ref known);
        if (shape is null || !ReferenceEquals(shape.Policy, policy))
        {
            Volatile.Write(ref known, shape = FunctionShape.Of(policy, function.Name));
        }

        var refusal = IsPinned(shape, function) ? session.Functions.Check(function.Pin) : FunctionReasons.Changed;
        if (refusal is null && ArgumentScan.Read(arguments, shape.Listed, options) is { } read)
        {
            return new(
                new FunctionOperation(session.Principal, shape.Effects, function.Name, read, function.NeedsApproval), read, arguments, null);
        }

        return new(
            new FunctionOperation(session.Principal, shape.Effects, function.Name, None, function.NeedsApproval), None, arguments,
            refusal ?? FunctionReasons.AmbiguousArguments);
    }

    /// <summary>Whether the policy asks for every call of a function and nobody is there to be asked on the spot: then the
    /// caller of the chat client is.</summary>
    internal static bool AlwaysAsks(Policy policy, string name) =>
        policy.Dependencies.Get<IApprover>() is null
        && policy.MisuseLayers.OfType<ApprovalLayer>().Any(layer => !layer.IsReportOnly && layer.AlwaysAsks(name, FunctionShape.Of(policy, name).Effects));

    private static bool IsPinned(FunctionShape shape, FunctionIdentity function) =>
        shape.Pin is null || string.Equals(shape.Pin, function.Pin.Hash, StringComparison.OrdinalIgnoreCase);
}
