namespace LangGuard.Permissions;

/// <summary>A function that is denied because it is not what it was.</summary>
/// <param name="Name">The name.</param>
/// <param name="Before">What a model was told of it when it was first seen or last accepted: description and schema.</param>
/// <param name="Now">What a model would be told of it now.</param>
/// <param name="Hash">The hash of the new form, to accept it by.</param>
public sealed record FunctionChange(string Name, string Before, string Now, string Hash);
