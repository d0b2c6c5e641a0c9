using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LangGuard.Benchmarks;

/// <summary>One call of a function with one argument: bare, and under all default layers.</summary>
internal static class FunctionComparisons
{
    private static readonly Aim Little = new(MoreNanoseconds: 1_000, MoreBytes: 200);

    public static IEnumerable<Comparison> All() =>
    [
        new("functions", "reads, text argument", Little, () => Open("orders")),
        new("functions", "reads, JSON argument", Little, () => Open(JsonSerializer.SerializeToElement("orders"))),
    ];

    private static Pair Open(object argument)
    {
        var bare = AIFunctionFactory.Create((string key) => key.Length, "look_up");
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Function("look_up", f => f.OnlyReads().Any("key")))
            .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(long.MaxValue).BytesIn("1000000 GiB"))));
        var session = GuardSession.Create(policy, new Principal("alice"));
        var guarded = session.Guard(bare);
        var arguments = new AIFunctionArguments { ["key"] = argument };

        // A denied call would be measured as a fast one.
        return new Pair(() => Call(bare), () => Call(guarded), session.Dispose);

        void Call(AIFunction function)
        {
            var call = function.InvokeAsync(arguments);
            if (!call.IsCompletedSuccessfully || call.Result is JsonElement { ValueKind: JsonValueKind.Object })
            {
                throw new InvalidOperationException("The function is denied, or does not complete at once.");
            }
        }
    }
}
