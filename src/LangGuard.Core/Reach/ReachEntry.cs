namespace LangGuard.Reach;

/// <summary>One thing that a policy lets an agent do at worst.</summary>
/// <param name="Surface">Files, Http, Database, Functions or Custom.</param>
/// <param name="Resource">What: a root and pattern, an endpoint, a database, a function.</param>
/// <param name="Verbs">What can be done there, in a fixed order.</param>
/// <param name="Limits">What narrows it: arguments, queries, deny rules; empty for nothing.</param>
internal sealed record ReachEntry(string Surface, string Resource, string Verbs, string Limits);
