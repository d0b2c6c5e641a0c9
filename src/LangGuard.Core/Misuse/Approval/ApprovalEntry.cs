namespace LangGuard.Misuse;

/// <summary>One request as a store keeps it. Everything but the state is fixed when it is added.</summary>
/// <param name="Id">The random id.</param>
/// <param name="Scope">The agent, principal and conversation it belongs to, as one opaque key.</param>
/// <param name="EffectHash">What it is bound to.</param>
/// <param name="Expires">When it lapses.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Request">The request as JSON.</param>
public sealed record ApprovalEntry(
    string Id, string Scope, string EffectHash, DateTimeOffset Expires, ApprovalState State, string Request);
