using System.Text.Json.Serialization;

namespace LangGuard.Auditing;

/// <summary>The text form of the policy model, made at build time.</summary>
[JsonSerializable(typeof(PolicyOptions))]
internal sealed partial class PolicyHashContext : JsonSerializerContext;
