using AspNetCoreHost;
using AspNetCoreHost.Demo;
using AspNetCoreHost.Desk;
using AspNetCoreHost.Security;

// A chat endpoint for two tenants. No argument: serves, and prints keys to try it with. "--demo": plays a scripted day
// against itself and ends. "--measure": prints the time that the guard takes while 50 users work at once.
await using var desk = await DeskWorld.CreateAsync();
var users = Users.Create(perTenant: 25);
switch (args)
{
    case ["--measure"]:
        GuardTime.Print(desk, users);
        return 0;
    case ["--demo"]:
        await using (var app = SupportHost.Create(desk, users, "http://127.0.0.1:0"))
        {
            await app.StartAsync();
            return await ScriptedDay.RunAsync(new Uri(app.Urls.First()), users, desk);
        }

    default:
        await using (var app = SupportHost.Create(desk, users, "http://127.0.0.1:5080"))
        {
            Console.WriteLine(ScriptedDay.Introduction(users));
            await app.RunAsync();
            return 0;
        }
}
