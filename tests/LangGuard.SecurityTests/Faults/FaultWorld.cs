using System.Text.Json;
using LangGuard.Auditing;

namespace LangGuard.SecurityTests.Faults;

/// <summary>A policy that allows everything, parts that fail in every way, and a count of the effects.</summary>
internal static class FaultWorld
{
    internal static readonly Principal Alice = new("alice", "contoso");
    private static readonly Grant Grant = new Permissions.FunctionGrant(trusted: true);
    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement.Clone();

    internal static FunctionOperation Call(Effects effects = Effects.Delete) => new(Alice, effects, "f", NoArguments);

    internal static GuardSession Session(Action<PolicyBuilder> more) => GuardSession.Create(
        Policy.Create(policy =>
        {
            policy.AddLayer(new Permission(_ => Decision.Allow(Grant)));
            more(policy);
        }),
        Alice);

    /// <summary>Tries to act, both ways, and returns how often the effect happened.</summary>
    internal static async Task<int> ActAsync(GuardSession session)
    {
        var effects = 0;
        if (session.TryAuthorize(Call()) is { IsAllowed: true } sync)
        {
            effects++;
            sync.Permit.Dispose();
        }

        if (await session.TryAuthorizeAsync(Call()) is { IsAllowed: true } async)
        {
            effects++;
            async.Permit.Dispose();
        }

        return effects;
    }

    internal sealed class Permission(Func<Operation, Decision> decide) : PermissionLayer
    {
        public override string Name => "test.permission";

        public override Decision Decide(Operation operation) => decide(operation);
    }

    internal sealed class Misuse : MisuseLayer
    {
        internal Func<Objection> OnReview { get; init; } = () => Objection.None;

        internal Func<Objection>? OnReserve { get; init; }

        internal Action? OnSettle { get; init; }

        public override string Name => "test.misuse";

        public override bool Reserves => OnReserve is not null || OnSettle is not null;

        public override Objection Review(Operation operation, GuardSession session) => OnReview();

        public override Objection TryReserve(Operation operation, GuardSession session) => OnReserve?.Invoke() ?? Objection.None;

        public override void Settle(Operation operation, GuardSession session, in OperationOutcome outcome) => OnSettle?.Invoke();
    }

    internal sealed class Sink(Action<AuditRecord> write, Func<CancellationToken, ValueTask>? writeAsync = null) : IAuditSink
    {
        public void Write(in AuditRecord record) => write(record);

        public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken)
        {
            if (writeAsync is not null)
            {
                return writeAsync(cancellationToken);
            }

            write(record);
            return ValueTask.CompletedTask;
        }
    }

    internal sealed class Approver(Func<CancellationToken, ValueTask<bool>> approve) : LangGuard.Misuse.IApprover
    {
        public ValueTask<bool> ApproveAsync(LangGuard.Misuse.ApprovalRequest request, CancellationToken cancellationToken) =>
            approve(cancellationToken);
    }
}
