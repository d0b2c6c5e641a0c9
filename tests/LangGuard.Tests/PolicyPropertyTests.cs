using CsCheck;
using LangGuard.Tests.Reference;
using LangGuard.Tests.Support;

namespace LangGuard.Tests;

/// <summary>The engine against the slow reference evaluator, over random policies and operations.</summary>
public sealed class PolicyPropertyTests : IDisposable
{
    private const int Operations = 4;

    private static readonly Gen<LayerBehaviour> AnyBehaviour = Gen.Frequency(
        (4, Gen.Const(LayerBehaviour.Abstain)),
        (8, Gen.Const(LayerBehaviour.Allow)),
        (2, Gen.Const(LayerBehaviour.Ask)),
        (1, Gen.Const(LayerBehaviour.Deny)),
        (1, Gen.Const(LayerBehaviour.Throw)),
        (1, Gen.Const(LayerBehaviour.Default)));

    private static readonly Gen<LayerBehaviour[]> AnyLayer = AnyBehaviour.Array[Operations];

    private static readonly Gen<ReferencePolicy> AnyPolicy = Gen.Select(
        AnyLayer.Array[0, 3].Array[1, 3],
        AnyLayer.Array[0, 3],
        (sets, misuse) => new ReferencePolicy(sets, misuse));

    private readonly GuardSession _session = Support.Operations.SessionOf(_ => { });

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Decides_as_the_reference_evaluator_does() =>
        AnyPolicy.Sample(reference =>
        {
            var policy = EnginePolicy.From(reference);
            for (var number = 0; number < Operations; number++)
            {
                Decide(policy, number).Should().Be(reference.Decide(number));
            }
        }, iter: 5_000);

    [Fact]
    public void Random_policies_reach_every_decision()
    {
        // The control of the property above: the generator is not so strict that everything is denied.
        var seen = new HashSet<DecisionKind>();
        AnyPolicy.Sample(reference =>
        {
            lock (seen)
            {
                seen.Add(reference.Decide(0));
            }
        }, iter: 5_000);
        seen.Should().BeEquivalentTo([DecisionKind.Allow, DecisionKind.Ask, DecisionKind.Deny]);
    }

    [Fact]
    public void The_order_of_layers_and_sets_does_not_matter() =>
        Gen.Select(AnyPolicy, Gen.Int[0, int.MaxValue]).Sample((reference, seed) =>
        {
            var random = new Random(seed);
            var shuffled = new ReferencePolicy(
                [.. reference.PermissionSets.Select(set => Shuffle(set, random)).OrderBy(_ => random.Next())],
                Shuffle(reference.MisuseLayers, random));
            var policy = EnginePolicy.From(reference);
            var other = EnginePolicy.From(shuffled);
            for (var number = 0; number < Operations; number++)
            {
                Decide(other, number).Should().Be(Decide(policy, number));
            }
        }, iter: 3_000);

    [Fact]
    public void A_second_set_of_permissions_only_narrows() =>
        Gen.Select(AnyPolicy, AnyPolicy).Sample((reference, second) =>
        {
            var policy = EnginePolicy.From(reference);
            var narrowed = policy.Intersect(EnginePolicy.From(second));
            for (var number = 0; number < Operations; number++)
            {
                Strictness(Decide(narrowed, number)).Should().BeGreaterThanOrEqualTo(Strictness(Decide(policy, number)));
            }
        }, iter: 3_000);

    [Fact]
    public void A_further_misuse_layer_only_narrows() =>
        Gen.Select(AnyPolicy, AnyLayer).Sample((reference, layer) =>
        {
            var policy = EnginePolicy.From(reference);
            var narrowed = EnginePolicy.From(reference with { MisuseLayers = [.. reference.MisuseLayers, layer] });
            for (var number = 0; number < Operations; number++)
            {
                Strictness(Decide(narrowed, number)).Should().BeGreaterThanOrEqualTo(Strictness(Decide(policy, number)));
            }
        }, iter: 3_000);

    [Fact]
    public void A_child_session_has_no_more_rights_than_its_parent() =>
        Gen.Select(AnyPolicy, AnyPolicy).Sample((reference, narrower) =>
        {
            using var parent = GuardSession.Create(EnginePolicy.From(reference), Support.Operations.Alice);
            using var child = parent.CreateChild(EnginePolicy.From(narrower));
            for (var number = 0; number < Operations; number++)
            {
                var operation = EnginePolicy.Operation(number);
                Strictness(child.TryAuthorize(operation).Decision.Kind).Should()
                    .BeGreaterThanOrEqualTo(Strictness(parent.TryAuthorize(operation).Decision.Kind));
            }
        }, iter: 1_000);

    [Fact]
    public void The_explanation_agrees_with_the_decision() =>
        AnyPolicy.Sample(reference =>
        {
            var policy = EnginePolicy.From(reference);
            for (var number = 0; number < Operations; number++)
            {
                var operation = EnginePolicy.Operation(number);
                policy.Explain(operation, _session).Decision.Kind.Should().Be(Decide(policy, number));
            }
        }, iter: 1_000);

    private static LayerBehaviour[][] Shuffle(LayerBehaviour[][] layers, Random random) =>
        [.. layers.OrderBy(_ => random.Next())];

    private static int Strictness(DecisionKind kind) => kind switch
    {
        DecisionKind.Allow => 0,
        DecisionKind.Ask => 1,
        _ => 2,
    };

    private DecisionKind Decide(Policy policy, int number) =>
        policy.Decide(EnginePolicy.Operation(number), _session).Kind;
}
