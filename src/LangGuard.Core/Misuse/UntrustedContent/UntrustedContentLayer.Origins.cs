namespace LangGuard.Misuse;

/// <summary>Where a target came from, for people who are asked.</summary>
internal sealed partial class UntrustedContentLayer
{
    internal TargetOrigin OriginOf(string value, GuardSession session)
    {
        var provenance = session.State<Provenance>();
        var ofUser = new TargetCheck(provenance, _trusted, isStrict: true);
        if (TargetCheck.Look(value, ref ofUser))
        {
            return TargetOrigin.User;
        }

        var known = new TargetCheck(provenance, _trusted, isStrict: false);
        return !TargetCheck.Look(value, ref known) ? TargetOrigin.Unknown
            : known.Minted > 0 ? TargetOrigin.EarlierResult : TargetOrigin.Trusted;
    }
}
