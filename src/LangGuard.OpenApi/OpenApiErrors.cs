namespace LangGuard.OpenApi;

/// <summary>Reports the problems of one document, all at once, as errors of the policy.</summary>
internal sealed class OpenApiErrors(PolicyErrors errors, string name)
{
    public int Count => errors.All.Count;

    public void Add(string place, string problem, string remedy) =>
        errors.Add($"LimitPermissions:OpenApi:{name}:{place}", null, problem, remedy);
}
