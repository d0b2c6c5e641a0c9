namespace LangGuard.Data;

/// <summary>A statement that was understood, with everything that its execution needs: nothing is read again.</summary>
/// <param name="Connection">Where it runs.</param>
/// <param name="Operation">What is decided on.</param>
/// <param name="Statement">What runs.</param>
internal readonly record struct InspectedStatement(
    GuardedDbConnection Connection, DatabaseOperation Operation, EngineStatement Statement);
