#pragma warning disable SKEXP0001 // The bridge between kernel functions and AIFunctions is what is tested.
using System.Text.Json;
using LangGuard.Permissions;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using FunctionInvocationContext = Microsoft.SemanticKernel.FunctionInvocationContext;

namespace LangGuard.Tests.SemanticKernel;

/// <summary>Guarded functions in a kernel, and kernel functions under a guard.</summary>
public sealed class KernelFunctionTests
{
    private readonly List<string> _sent = [];
    private readonly GuardSession _session = Operations.SessionOf(guard => guard
        .LimitPermissions(allow => allow
            .Function("send_mail", f => f.Require("to", ArgumentRule.EmailDomain("contoso.test")))
            .Function("mail_send_mail", f => f.Require("to", ArgumentRule.EmailDomain("contoso.test"))))
        .AnticipateMisuse(misuse => misuse.UnguardedUntrustedContent()));

    [Fact]
    public async Task A_guarded_function_in_a_kernel_is_decided_on()
    {
        var kernel = new Kernel();
        var function = _session.Guard(Mail()).AsKernelFunction();

        var denied = await kernel.InvokeAsync(function, new KernelArguments { ["to"] = "eve@evil.test" });
        var allowed = await kernel.InvokeAsync(function, new KernelArguments { ["to"] = "ada@contoso.test" });

        RuleOf(denied.GetValue<object>()).Should().Be("functions.argument");
        allowed.ToString().Should().Contain("sent");
        _sent.Should().Equal("ada@contoso.test");
    }

    [Fact]
    public async Task A_kernel_function_that_is_called_as_an_AIFunction_passes_the_filters_of_its_kernel_by()
    {
        var kernel = KernelThatDeniesEverything();
        var function = KernelFunctionFactory.CreateFromMethod(Send, "send_mail").WithKernel(kernel);

        // The trap, without a guard: the filter runs for the kernel and not for the AIFunction.
        await FluentActions.Awaiting(() => kernel.InvokeAsync(function, new KernelArguments { ["to"] = "eve@evil.test" })).Should().ThrowAsync<InvalidOperationException>();
        _sent.Should().BeEmpty();
        await function.InvokeAsync(new AIFunctionArguments { ["to"] = "eve@evil.test" });

        _sent.Should().Equal("eve@evil.test");
    }

    [Fact]
    public async Task Under_a_guard_both_ways_are_decided_on()
    {
        var kernel = new Kernel();
        var function = _session.Guard(KernelFunctionFactory.CreateFromMethod(Send, "send_mail", "Sends a mail.").WithKernel(kernel));

        RuleOf(await function.InvokeAsync(new AIFunctionArguments { ["to"] = "eve@evil.test" })).Should().Be("functions.argument");
        RuleOf((await kernel.InvokeAsync(function.AsKernelFunction(), new KernelArguments { ["to"] = "eve@evil.test" })).GetValue<object>())
            .Should().Be("functions.argument");
        RuleOf(await ((AIFunction)function.AsKernelFunction()).InvokeAsync(new AIFunctionArguments { ["to"] = "eve@evil.test" }))
            .Should().Be("functions.argument");
        _sent.Should().BeEmpty();
        await function.InvokeAsync(new AIFunctionArguments { ["to"] = "ada@contoso.test" });

        _sent.Should().Equal("ada@contoso.test");
    }

    [Fact]
    public async Task Every_function_of_a_wrapped_plugin_is_decided_on()
    {
        var plugin = KernelPluginFactory.CreateFromFunctions("mail",
            [KernelFunctionFactory.CreateFromMethod(Send, "send_mail"), KernelFunctionFactory.CreateFromMethod(() => _sent.Add("wiped"), "wipe")]);
        var kernel = new Kernel();
        var guarded = KernelPluginFactory.CreateFromFunctions(
            "mail", plugin.AsAIFunctions(kernel).Select(function => _session.Guard(function).AsKernelFunction()));
        guarded.FunctionCount.Should().Be(2);
        kernel.Plugins.Add(guarded);

        foreach (var function in guarded)
        {
            await kernel.InvokeAsync(function, new KernelArguments { ["to"] = "eve@evil.test" });
        }

        foreach (var function in guarded.AsAIFunctions(kernel))
        {
            await function.InvokeAsync(new AIFunctionArguments { ["to"] = "eve@evil.test" });
        }

        _sent.Should().BeEmpty();
        await kernel.InvokeAsync(guarded.Single(function => function.Name.Contains("send_mail", StringComparison.Ordinal)), new KernelArguments { ["to"] = "ada@contoso.test" });
        _sent.Should().Equal("ada@contoso.test");
    }

    [Fact]
    public async Task Every_representation_of_an_argument_has_one_verdict()
    {
        var kernel = new Kernel();
        var function = _session.Guard(Mail()).AsKernelFunction();
        foreach (var value in new object[] { "eve@evil.test", JsonSerializer.SerializeToElement("eve@evil.test"), System.Text.Json.Nodes.JsonValue.Create("eve@evil.test")! })
        {
            RuleOf((await kernel.InvokeAsync(function, new KernelArguments { ["to"] = value })).GetValue<object>()).Should().Be("functions.argument");
        }

        _sent.Should().BeEmpty();
    }

    [Fact]
    public async Task An_argument_that_is_not_listed_is_denied_also_when_the_kernel_adds_it()
    {
        var kernel = new Kernel();
        var function = _session.Guard(Mail()).AsKernelFunction();

        await kernel.InvokeAsync(function, new KernelArguments { ["to"] = "ada@contoso.test", ["bcc"] = "eve@evil.test" });

        _sent.Should().NotContain(to => to.Contains("evil", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_leads_from_the_kernel_function_to_the_inner_one()
    {
        var inner = Mail();
        var function = (AIFunction)_session.Guard(inner).AsKernelFunction();

        function.UnderlyingMethod.Should().BeNull();
        function.GetService(inner.GetType()).Should().BeNull();
        function.AdditionalProperties.Values.Should().NotContain(inner);
    }

    [Fact]
    public async Task Ready_made_tools_work_as_kernel_functions()
    {
        var root = Directory.CreateTempSubdirectory("langguard-sk-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(root, "a.md"), "hello");
            using var session = Operations.SessionOf(guard => guard.LimitPermissions(allow => allow.Files("kb", root, files => files.Read("**"))));
            var kernel = new Kernel();
            var plugin = kernel.Plugins.AddFromFunctions("kb", session.GetTools().Select(tool => tool.AsKernelFunction()));

            (await kernel.InvokeAsync(plugin["read_file"], new KernelArguments { ["path"] = "a.md" })).GetValue<object>()!.ToString().Should().Contain("hello");
            RuleOf((await kernel.InvokeAsync(plugin["read_file"], new KernelArguments { ["path"] = "../x" })).GetValue<object>()).Should().Be("files.outside-root");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static string? RuleOf(object? result) => ((JsonElement)result!).Rule();

    private AIFunction Mail() => AIFunctionFactory.Create(Send, "send_mail", "Sends a mail.");

    private string Send(string to)
    {
        _sent.Add(to);
        return "sent to " + to;
    }

    private static Kernel KernelThatDeniesEverything()
    {
        var builder = Kernel.CreateBuilder();
        builder.Services.AddSingleton<IFunctionInvocationFilter, DenyingFilter>();
        return builder.Build();
    }

    private sealed class DenyingFilter : IFunctionInvocationFilter
    {
        public Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next) =>
            throw new InvalidOperationException("denied by the filter");
    }
}
