namespace LangGuard.Http;

/// <summary>Grants urlencoded forms of listed fields.</summary>
internal sealed class FormBodyRule(FormFields fields) : InspectedBodyRule
{
    protected override bool Accepts(in BodyContentType type) =>
        type.Is("application/x-www-form-urlencoded") && !type.HasOtherParameters && type.Boundary.IsEmpty;

    protected override Reason? CheckContent(in BodyContentType type, ReadOnlySpan<byte> body) =>
        FormBodyReader.Check(body, fields);
}
