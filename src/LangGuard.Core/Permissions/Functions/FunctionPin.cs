namespace LangGuard.Permissions;

/// <summary>What a model is told of a function.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">The description.</param>
/// <param name="Schema">The schema of the arguments, in canonical form.</param>
/// <param name="Hash">The hash of all of it.</param>
internal sealed record FunctionPin(string Name, string Description, string Schema, string Hash)
{
    /// <summary>Description and schema, to show to a person.</summary>
    internal string Told => $"{Description}\n{Schema}";
}
