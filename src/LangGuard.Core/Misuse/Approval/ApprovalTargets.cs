using System.Text.Json;

namespace LangGuard.Misuse;

/// <summary>What an operation is aimed at, for a person who is asked about it.</summary>
internal static class ApprovalTargets
{
    private const int Most = 32;
    private const int Longest = 512;

    internal static IReadOnlyList<ApprovalTarget> Of(Operation operation, GuardSession session)
    {
        var layer = session.Policy.MisuseLayers.OfType<UntrustedContentLayer>().FirstOrDefault();
        if (operation is not FunctionOperation function)
        {
            return [new(operation.Surface.ToString(), ApprovalText.Clean(operation.Resource), OriginOf(layer, session, operation.Resource))];
        }

        var targets = new List<ApprovalTarget>();
        foreach (var argument in function.Arguments.EnumerateObject())
        {
            var values = argument.Value.ValueKind == JsonValueKind.Array ? argument.Value.EnumerateArray().ToList() : [argument.Value];
            foreach (var value in values)
            {
                if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= Longest } text
                    && targets.Count < Most)
                {
                    targets.Add(new(ApprovalText.Clean(argument.Name), ApprovalText.Clean(text), OriginOf(layer, session, text)));
                }
            }
        }

        return targets;
    }

    private static TargetOrigin OriginOf(UntrustedContentLayer? layer, GuardSession session, string value) =>
        layer?.OriginOf(value, session) ?? TargetOrigin.Unknown;
}
