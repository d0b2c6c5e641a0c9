using LangGuard;
using LangGuard.Misuse;

namespace AspNetCoreHost.Desk;

/// <summary>What the agent of one tenant may do.</summary>
internal static class DeskPolicy
{
    internal static void Configure(PolicyBuilder guard, string tenant, DeskWorld desk, long calls = 200) => guard
        .LimitPermissions(allow => allow
            .Files("desk", desk.RootOf(tenant), files => files.Read("**").Write("drafts/**").Delete("drafts/**"))
            .Http($"GET http://orders.{tenant}.test:{desk.OrdersPort}/v1/orders/{{id:int}}", rule => rule.Private("127.0.0.0/8"))
            .Database("shop", shop => shop.UseSqlite(desk.Database).Select("orders")
                .RowsOfTenant("orders", "tenant").RowsOfUser("orders", "owner")))
        .AnticipateMisuse(misuse => misuse
            .LimitUsage(usage => usage.Calls(calls))
            .RequireApproval(approval => approval.ForDeletes())
            // Anybody may be the one who types: words of a user endorse nothing.
            .TrackUntrustedContent(content => content.Users(UserWords.Untrusted)))
        .DefendInDepth(defense => defense
            .KeepJournal(desk.JournalOf(tenant))
            .UseAddressResolver(new LoopbackNames())
            .AllowUnguardedListener(desk.OrdersPort));
}
