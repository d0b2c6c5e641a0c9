using LangGuard;
using LangGuard.Auditing;

// Acts as fast as it can under an audit file until somebody kills it: AUDIT-FOLDER EFFECTS-FOLDER.
// Each effect is one file named by its number; each is decided and recorded first. Prints a line for every tenth effect.
var principal = new Principal("writer");
using var file = new AuditFile(new AuditOptions { Folder = args[0], Mode = AuditMode.Durable });
using var session = GuardSession.Create(
    Policy.Create(policy => policy
        .LimitPermissions(allow => allow.Http("GET https://effects.test/{id} trusted"))
        .DefendInDepth(defense => defense.Audit(file))),
    principal);
var last = Directory.GetFiles(args[1]).Length;
Console.WriteLine("ready");
Parallel.For(0, 4, _ =>
{
    while (true)
    {
        var number = Interlocked.Increment(ref last);
        var url = new Uri($"https://effects.test/{number}");
        using var permit = session.Authorize(new HttpOperation(principal, Effects.Read, "GET", url));
        File.WriteAllText(Path.Combine(args[1], $"{number}"), string.Empty);
        permit.Complete(OperationOutcome.Success());
        if (number % 10 == 0)
        {
            Console.WriteLine(number);
        }
    }
});
