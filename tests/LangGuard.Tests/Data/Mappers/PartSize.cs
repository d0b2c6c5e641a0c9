namespace LangGuard.Tests.Data.Mappers;

public enum PartSize
{
    Small,
    Large,
}
