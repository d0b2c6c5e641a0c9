using System.Diagnostics;
using AspNetCoreHost.Desk;
using AspNetCoreHost.Security;
using LangGuard;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;

namespace AspNetCoreHost.Demo;

/// <summary>The time that the guard takes for a call, without input and output, while every user works at once: the policy of
/// the sample and a function that does nothing, so that what is left is the guard.</summary>
internal static class GuardTime
{
    private const int Calls = 4_000;
    private const int WarmUp = 1_000;

    internal static void Print(DeskWorld desk, Users users)
    {
        var policies = Users.Tenants.ToDictionary(tenant => tenant, tenant => Policy.Create(
            guard => DeskPolicy.Configure(
                guard.LimitPermissions(allow => allow.Function("nothing", f => f.Require("to", ArgumentRule.Text(64)).OnlyReads())), tenant, desk, Calls * 2),
            tenant));
        var members = users.All.Where(user => !user.IsApprover).ToList();
        var times = new long[members.Count][];
        Parallel.For(0, members.Count, new ParallelOptions { MaxDegreeOfParallelism = members.Count }, i =>
            times[i] = Work(policies[members[i].Tenant], members[i]));
        var all = times.SelectMany(of => of).Order().ToList();
        Console.WriteLine($"{members.Count} users at once, {all.Count} calls of a guarded function, {Environment.ProcessorCount} processors");
        foreach (var (name, share) in new[] { ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999) })
        {
            Console.WriteLine(FormattableString.Invariant($"{name,-6} {Microseconds(all[(int)(all.Count * share)]):0.0} us"));
        }
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    private static long[] Work(Policy policy, User user)
    {
        using var session = GuardSession.Create(policy, new Principal(user.Name, user.Tenant));
        var function = session.Guard(AIFunctionFactory.Create((string to) => to.Length, "nothing"));
        var times = new long[Calls];
        for (var i = -WarmUp; i < Calls; i++)
        {
            var arguments = new AIFunctionArguments { ["to"] = user.Name };
            var start = Stopwatch.GetTimestamp();
            var call = function.InvokeAsync(arguments);
            if (!call.IsCompletedSuccessfully)
            {
                throw new InvalidOperationException("The guard waited for something.");
            }

            var end = Stopwatch.GetTimestamp();
            if (i >= 0)
            {
                times[i] = end - start;
            }

            if (call.Result is System.Text.Json.JsonElement { ValueKind: System.Text.Json.JsonValueKind.Object } denial)
            {
                throw new InvalidOperationException($"It was denied: {denial}");
            }
        }

        return times;
    }
}
