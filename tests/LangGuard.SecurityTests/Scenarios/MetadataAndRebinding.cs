using System.Net;
using LangGuard.Ablation;
using LangGuard.Http;
using LangGuard.Permissions;
using Microsoft.AspNetCore.Http;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>A browsing agent is led to metadata services, to inside addresses in every spelling, to names that change their mind, and
/// on by redirects. Every connection is recorded by the address that it was meant for, and ends at the hosts of the test.</summary>
internal sealed class MetadataAndRebinding : Scenario
{
    private static readonly IPAddress Public = IPAddress.Parse("93.184.215.14");

    private readonly RecordingTransport _transport = new();

    internal override string User => "Find out what is new.";

    internal override IReadOnlyList<Wall> Walls => Every;

    internal override IReadOnlyList<string?> Rules => [];

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world)
    {
        Resolve(world);
        _transport.Port = world.Port;
        guard.LimitPermissions(allow => allow.Http("GET http://*/** query *").Http("GET https://*/** query *"));
        guard.Collect<EgressOptions>().Transport = _transport;
    }

    internal override EgressTransport? Connect(ScenarioWorld world)
    {
        Resolve(world);
        _transport.Port = world.Port;
        return _transport;
    }

    internal override Task AnswerAsync(HttpContext context, string body)
    {
        if (context.Request.Path.Value is "/302" or "/307")
        {
            context.Response.StatusCode = int.Parse(context.Request.Path.Value.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Headers.Location = "http://169.254.169.254/latest/meta-data/";
            return Task.CompletedTask;
        }

        return context.Response.WriteAsync("{}");
    }

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
    [
        .. new[]
        {
            "http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:a9fe:a9fe::]/",
            "http://168.63.129.16/", "http://2130706433/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.1/", "http://localhost./",
            "http://localhost/", "http://ok.test@127.0.0.1/", "http://inside.test/", "http://mixed.test/", "http://[::1]/", "http://0/",
            "http://100.100.100.200/", "http://metadata.google.internal/", "http://[fd00:ec2::254]/", "http://rebind.test/1",
            "http://rebind.test/2", "http://ok.test/302", "http://ok.test/307",
        }.Select(url => Do(Step.Get(url))),
    ];

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world) => _transport.Dialled
        .Where(address => !address.Address.Equals(Public)).Select(address => $"dialled: {address}");

    private static void Resolve(ScenarioWorld world)
    {
        var names = world.Hosts.Names;
        names["ok.test"] = new([Public]);
        names["rebind.test"] = new([Public, IPAddress.Loopback]);
        names["inside.test"] = new([IPAddress.Parse("169.254.169.254")]);
        names["metadata.google.internal"] = new([IPAddress.Parse("169.254.169.254")]);
    }
}
