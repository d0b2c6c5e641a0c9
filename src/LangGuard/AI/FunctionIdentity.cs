using System.Runtime.CompilerServices;
using System.Text.Json;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>What a function said of itself when it was first seen. A model is shown this, whatever the function says
/// later.</summary>
internal sealed class FunctionIdentity
{
    private static readonly ConditionalWeakTable<AIFunction, FunctionIdentity> Known = [];

    private FunctionIdentity(AIFunction function)
    {
        Name = function.Name;
        Description = function.Description;
        Schema = function.JsonSchema;
        ReturnSchema = function.ReturnJsonSchema;
        NeedsApproval = function.GetService<ApprovalRequiredAIFunction>() is not null;
        Pin = FunctionPins.Describe(Name, Description, Schema, ReturnSchema);
        Properties = function.AdditionalProperties
            .Where(property => property.Value is null or string or bool or int or long or double)
            .ToDictionary(property => property.Key, property => property.Value, StringComparer.Ordinal);
    }

    private FunctionIdentity(FunctionIdentity other)
    {
        Name = other.Name;
        Description = other.Description;
        Schema = other.Schema;
        ReturnSchema = other.ReturnSchema;
        NeedsApproval = true;
        Pin = other.Pin;
        Properties = other.Properties;
    }

    internal string Name { get; }

    internal string Description { get; }

    internal JsonElement Schema { get; }

    internal JsonElement? ReturnSchema { get; }

    internal bool NeedsApproval { get; }

    internal FunctionPin Pin { get; }

    /// <summary>Plain values only: an object could lead to the function itself.</summary>
    internal IReadOnlyDictionary<string, object?> Properties { get; }

    internal static FunctionIdentity Of(AIFunction function) => Known.GetValue(function, static key => new FunctionIdentity(key));

    /// <summary>The same function, marked as one that a person has to approve.</summary>
    internal FunctionIdentity WithApproval() => NeedsApproval ? this : new(this);
}
