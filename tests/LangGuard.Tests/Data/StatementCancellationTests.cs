using LangGuard.Data;

namespace LangGuard.Tests.Data;

/// <summary>A cancellation is asked for until the statement has ended, whatever the asking itself does.</summary>
public sealed class StatementCancellationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_cancel_that_fails_is_tried_again()
    {
        using var token = new CancellationTokenSource();
        var tries = 0;
        var third = new TaskCompletionSource();
        using var cancellation = new StatementCancellation(
            () =>
            {
                if (Interlocked.Increment(ref tries) == 3)
                {
                    third.SetResult();
                }

                throw new IOException("no way to the server");
            },
            token.Token);
        cancellation.HasActed.Should().BeFalse();
        await token.CancelAsync();
        await third.Task.WaitAsync(Patience);
        cancellation.HasActed.Should().BeTrue();
    }

    [Fact]
    public async Task Nobody_asks_after_the_end()
    {
        using var token = new CancellationTokenSource();
        var tries = 0;
        var first = new TaskCompletionSource();
        var cancellation = new StatementCancellation(
            () =>
            {
                Interlocked.Increment(ref tries);
                first.TrySetResult();
            },
            token.Token);
        await token.CancelAsync();
        await first.Task.WaitAsync(Patience);
        cancellation.Dispose();
        var atTheEnd = tries;
        await Task.Delay(TimeSpan.FromMilliseconds(500)); // Several times the pause between two tries.
        tries.Should().Be(atTheEnd);
    }

    [Fact]
    public async Task The_end_waits_for_an_asking_on_its_way_which_would_hit_the_next_statement()
    {
        using var token = new CancellationTokenSource();
        using var answer = new ManualResetEventSlim();
        var asked = new TaskCompletionSource();
        var (atOnce, most) = (0, 0);
        var cancellation = new StatementCancellation(
            () =>
            {
                most = Math.Max(most, Interlocked.Increment(ref atOnce));
                asked.TrySetResult();
                answer.Wait(Patience);
                Interlocked.Decrement(ref atOnce);
            },
            token.Token);
        await token.CancelAsync();
        await asked.Task.WaitAsync(Patience);
        var end = Task.Run(cancellation.Dispose);
        (await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(500)))).Should().NotBeSameAs(end);
        answer.Set();
        await end.WaitAsync(Patience);
        (atOnce, most).Should().Be((0, 1));
    }

    [Fact]
    public async Task A_token_that_says_so_after_the_end_asks_nothing()
    {
        using var token = new CancellationTokenSource();
        var tries = 0;
        var cancellation = new StatementCancellation(() => tries++, token.Token);
        cancellation.Dispose();
        await token.CancelAsync();
        tries.Should().Be(0);
        cancellation.HasActed.Should().BeFalse();
    }

    [Fact]
    public async Task A_token_that_has_said_so_already_asks()
    {
        var asked = new TaskCompletionSource();
        using var cancellation = new StatementCancellation(() => asked.TrySetResult(), new CancellationToken(canceled: true));
        await asked.Task.WaitAsync(Patience);
        cancellation.HasActed.Should().BeTrue();
    }
}
