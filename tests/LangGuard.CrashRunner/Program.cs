using System.Diagnostics;
using System.Globalization;
using LangGuard;
using LangGuard.Journaling;

// A process that changes files through a guard and is killed at a given step of the journal:
//   LangGuard.CrashRunner ROOT JOURNAL STEP     kills itself, as kill -9 does, at the given step; 0 runs to the end
// Prints the number of steps when it gets to the end.
//   LangGuard.CrashRunner mounts FOLDER         mounts what a container mounts, and works there; run it in a mount namespace of its own
//   LangGuard.CrashRunner sandbox READABLE WRITABLE OUTSIDE PORT      says what it can do to each without any guard, and its posture
//   LangGuard.CrashRunner values ENGINE FILE guarded|bare TEXT    runs a statement, and says what became of it and how many megabytes it took
if (args[0] == "values")
{
    return ValueChecks.Run(args[1], args[2], args[3] == "guarded", args[4]);
}

if (args[0] == "sandbox")
{
    return SandboxChecks.Run(args[1], args[2], args[3], int.Parse(args[4], CultureInfo.InvariantCulture));
}

if (args[0] == "mounts")
{
    return MountChecks.Run(args[1]);
}

var (root, journal, stepToDieAt) = (args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
var policy = Policy.Create(builder => builder
    .LimitPermissions(allow => allow.Files("desk", root, files => files.Read("**").Write("**").Delete("**").Trusted("**")))
    .DefendInDepth(defense => defense.KeepJournal(journal)));
using var session = GuardSession.Create(policy, new Principal("crash"));
var steps = 0;
JournalStore.Of(policy)!.Stepping = () =>
{
    if (++steps == stepToDieAt)
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
};

TwelveChanges.Run(session.FileSystem);
Console.WriteLine(steps);
return 0;
