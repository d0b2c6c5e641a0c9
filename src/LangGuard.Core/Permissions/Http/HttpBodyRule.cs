namespace LangGuard.Permissions;

/// <summary>What a rule demands of a request body. Pure and synchronous, as the layer that asks it.</summary>
internal abstract class HttpBodyRule
{
    /// <summary>The most that the guard must hold in memory for this rule to judge.</summary>
    public abstract int MaxBytes { get; }

    /// <summary>Null when the body is granted, otherwise why it is not. Also called for requests without a body.</summary>
    public abstract Reason? Check(HttpOperation operation);
}
