namespace LangGuard.Http;

/// <summary>Grants multipart forms of listed fields and files.</summary>
internal sealed class MultipartBodyRule(MultipartFields fields) : InspectedBodyRule
{
    protected override bool Accepts(in BodyContentType type) =>
        type.Is("multipart/form-data") && !type.Boundary.IsEmpty && type.Charset.IsEmpty && !type.HasOtherParameters;

    protected override Reason? CheckContent(in BodyContentType type, ReadOnlySpan<byte> body) =>
        MultipartBodyReader.Check(body, type.Boundary, fields);
}
