using System.Collections.Frozen;

namespace LangGuard.Misuse;

/// <summary>Asks for the operations that the policy wants a person to approve.</summary>
internal sealed class ApprovalLayer(ApprovalOptions options) : MisuseLayer
{
    private static readonly Reason Required =
        new("approval.required", "A person has to approve this operation.", Retry.AskUser);

    private readonly Effects _effects = options.Effects;
    private readonly FrozenSet<string> _functions = options.Functions.ToFrozenSet(StringComparer.Ordinal);

    public override string Name => "misuse.approval";

    public override Objection Review(Operation operation, GuardSession session) =>
        (operation.Effects & _effects) != 0
        || (operation is FunctionOperation function && _functions.Contains(function.Function))
            ? Objection.Ask(Required)
            : Objection.None;
}
