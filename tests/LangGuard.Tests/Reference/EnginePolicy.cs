using LangGuard.Tests.Support;

namespace LangGuard.Tests.Reference;

/// <summary>The same random policy, built from real layers through the public builder.</summary>
internal static class EnginePolicy
{
    internal static Policy From(ReferencePolicy reference)
    {
        var policies = reference.PermissionSets.Select(set => Policy.Create(builder =>
        {
            foreach (var layer in set)
            {
                builder.AddLayer(new TestLayer("random", operation => Vote(layer[NumberOf(operation)])));
            }
        })).ToList();
        policies.Add(WithMisuse(reference.MisuseLayers));
        return policies.Aggregate((left, right) => left.Intersect(right));
    }

    internal static FunctionOperation Operation(int number) => Operations.Call($"f{number}");

    /// <summary>A policy whose one permission allows everything, so that only its objections count.</summary>
    internal static Policy WithMisuse(IEnumerable<LayerBehaviour[]> layers) => Policy.Create(builder =>
    {
        builder.AddLayer(TestLayer.AllowAll());
        foreach (var layer in layers)
        {
            builder.AddLayer(new TestMisuseLayer("random", (operation, _) => Objection(layer[NumberOf(operation)])));
        }
    });

    private static int NumberOf(Operation operation) =>
        int.Parse(((FunctionOperation)operation).Function.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    private static Decision Vote(LayerBehaviour behaviour) => behaviour switch
    {
        LayerBehaviour.Abstain => Decision.Abstain,
        LayerBehaviour.Allow => Decision.Allow(Votes.FunctionGrant),
        LayerBehaviour.Ask => Decision.Ask(Votes.Because, Votes.FunctionGrant),
        LayerBehaviour.Deny => Decision.Deny(Votes.Because),
        LayerBehaviour.Throw => throw new InvalidOperationException("random layer fails"),
        _ => default,
    };

    private static Objection Objection(LayerBehaviour behaviour) => behaviour switch
    {
        LayerBehaviour.Abstain or LayerBehaviour.Allow => LangGuard.Objection.None,
        LayerBehaviour.Ask => LangGuard.Objection.Ask(Votes.Because),
        LayerBehaviour.Deny => LangGuard.Objection.Deny(Votes.Because),
        LayerBehaviour.Throw => throw new InvalidOperationException("random layer fails"),
        _ => default,
    };
}
