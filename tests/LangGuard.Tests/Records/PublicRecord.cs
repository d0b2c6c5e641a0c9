namespace LangGuard.Tests.Records;

/// <summary>One or more public records of the same fault.</summary>
/// <param name="Ids">The public numbers or names, separated by commas.</param>
/// <param name="Problem">What went wrong, in a few words of our own.</param>
/// <param name="Proof">Class and name of the test that shows that it does not go wrong here, and the case where it has several.</param>
internal sealed record PublicRecord(string Ids, string Problem, string Proof);
