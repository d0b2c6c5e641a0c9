using AspNetCoreHost.Desk;
using AspNetCoreHost.Security;

namespace AspNetCoreHost.Demo;

/// <summary>Plays a day at the desk against the running host, attacks included.</summary>
internal static class ScriptedDay
{
    internal static string Introduction(Users users)
    {
        var user = users.All[0];
        var lead = users.All.First(other => other.IsApprover && other.Tenant == user.Tenant);
        return $"""
            Two tenants, keys made for this run. As {user.Name} of {user.Tenant}:
              ID=$(curl -s -X POST -H 'Authorization: Bearer {user.Key}' http://127.0.0.1:5080/conversations | cut -d'"' -f4)
              curl -sN -H 'Authorization: Bearer {user.Key}' --json '{OneLine("call read_file {\\\"path\\\":\\\"faq.md\\\"}")}' http://127.0.0.1:5080/conversations/$ID/messages
              curl -sN -H 'Authorization: Bearer {user.Key}' --json '{OneLine("delete drafts/note.md")}' http://127.0.0.1:5080/conversations/$ID/messages
            As the lead, who approves:
              curl -s -H 'Authorization: Bearer {lead.Key}' http://127.0.0.1:5080/approvals
            """;
    }

    /// <summary>0 when everything allowed was done and nothing else.</summary>
    internal static async Task<int> RunAsync(Uri host, Users users, DeskWorld desk)
    {
        var problems = 0;
        using var alice = new DeskClient(host, users.All[0]);
        using var lead = new DeskClient(host, users.All.First(user => user.IsApprover));
        var conversation = await alice.StartAsync();

        async Task Step(string text, string expected)
        {
            var answer = await alice.SayAsync(conversation, text);
            var holds = answer.Contains(expected, StringComparison.Ordinal);
            problems += holds ? 0 : 1;
            Console.WriteLine($"{(holds ? "as expected" : "UNEXPECTED"),-12} {text}\n{answer}");
        }

        await Step($"report 7 http://orders.contoso.test:{desk.OrdersPort} first", "parcel-7-of-contoso");
        await Step($"call http_request {{\"url\":\"http://orders.fabrikam.test:{desk.OrdersPort}/v1/orders/7\"}}", "http.endpoint");
        await Step("call read_file {\"path\":\"../fabrikam/faq.md\"}", "denied");
        await Step("call database_query {\"database\":\"shop\",\"sql\":\"SELECT item FROM orders WHERE tenant = 'fabrikam'\"}", "\"rows\":[]");
        await Step("delete drafts/first.md", "approval.required");
        await Step($"call http_request {{\"method\":\"POST\",\"url\":\"{host}approvals/x\",\"body\":\"{{}}\"}}", "denied");
        foreach (var request in await lead.ApprovalsAsync())
        {
            Console.WriteLine($"The lead approves {request.GetProperty("resource").GetString()}");
            (await lead.PostAsync($"/approvals/{request.GetProperty("id").GetString()}", new { Approve = true })).EnsureSuccessStatusCode();
        }

        await Step("delete drafts/first.md", "\"status\":\"ok\"");
        Console.WriteLine($"{problems} unexpected");
        return problems == 0 ? 0 : 1;
    }

    private static string OneLine(string text) => $"{{\"text\":\"{text}\"}}";
}
