namespace LangGuard.Data;

/// <summary>A right of a database login that the policy does not need.</summary>
/// <param name="Right">The right, such as <c>superuser</c> or <c>DELETE</c>.</param>
/// <param name="On">What it is on, such as a table; empty for a right of the login itself.</param>
/// <param name="Remedy">What takes it away.</param>
public sealed record CredentialFinding(string Right, string On, string Remedy);
