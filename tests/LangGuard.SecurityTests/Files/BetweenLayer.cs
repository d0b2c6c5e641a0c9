using LangGuard.Misuse;

namespace LangGuard.SecurityTests.Files;

/// <summary>Does something at the one moment that matters: after a guard has looked, and before it acts.</summary>
internal sealed class BetweenLayer(Action act) : MisuseLayer
{
    private int _done;

    public bool IsArmed { get; set; }

    public override string Name => "between";

    public override bool Covers(Surface surface) => surface == Surface.Files;

    public override Objection Review(Operation operation, GuardSession session)
    {
        // Looks at facts come before some acts.
        if (IsArmed && operation.Effects != Effects.Read && Interlocked.Exchange(ref _done, 1) == 0)
        {
            act();
        }

        return Objection.None;
    }
}
