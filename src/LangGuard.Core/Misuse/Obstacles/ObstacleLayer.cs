namespace LangGuard.Misuse;

/// <summary>Denies an operation on something that its guard found unfit: outside the root, no regular file, a name among
/// others elsewhere, sensitive, or relied on by LangGuard. The rules deny it too; this holds when they do not.</summary>
internal sealed class ObstacleLayer : MisuseLayer
{
    public override string Name => "misuse.obstacles";

    public override bool Covers(Surface surface) => surface == Surface.Files;

    public override Objection Review(Operation operation, GuardSession session)
    {
        if (operation is not FileOperation file)
        {
            return Objection.None;
        }

        var obstacle = file.First.Obstacle ?? (file.HasSecond ? file.Second.Obstacle : null);
        return obstacle is null ? Objection.None : Objection.Deny(obstacle);
    }
}
