namespace LangGuard.Permissions;

/// <summary>What an agent may do in one database.</summary>
public sealed class DatabaseOptions
{
}
