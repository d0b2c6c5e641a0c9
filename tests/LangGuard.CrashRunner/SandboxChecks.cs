using System.Net.Sockets;
using LangGuard;

/// <summary>What a process can do with no guard at all: what remains is the wall of the sandbox.</summary>
internal static class SandboxChecks
{
    public static int Run(string readable, string writable, string outside, int port)
    {
        Try("read in the readable root", () => File.ReadAllText(Path.Combine(readable, "note.md")));
        Try("write in the readable root", () => File.WriteAllText(Path.Combine(readable, "note.md"), "changed"));
        Try("write in the writable root", () => File.WriteAllText(Path.Combine(writable, "report.md"), "changed"));
        Try("read outside", () => File.ReadAllText(outside));
        Try("write outside", () => File.WriteAllText(outside, "changed"));
        Try("write on the root file system", () =>
        {
            File.WriteAllText("/langguard-was-here", string.Empty);
            File.Delete("/langguard-was-here");
        });
        Try("connect", () =>
        {
            using var client = new TcpClient();
            client.Connect("127.0.0.1", port);
        });
        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Files("library", readable, files => files.Read("**"))
            .Files("reports", writable, files => files.Read("**").Write("**"))));
        foreach (var finding in policy.CheckPosture())
        {
            Console.WriteLine($"{finding.Check}: {(finding.Passed ? "yes" : "no")}");
        }

        return 0;
    }

    private static void Try(string what, Action act)
    {
        try
        {
            act();
            Console.WriteLine($"{what}: yes");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SocketException)
        {
            Console.WriteLine($"{what}: no");
        }
    }
}
