using System.Collections.Concurrent;
using System.Net;
using LangGuard.Http;

namespace LangGuard.Tests.Http;

/// <summary>Answers from a table; every other name does not exist.</summary>
internal sealed class FakeResolver : IAddressResolver
{
    private readonly Dictionary<string, Queue<string[]>> _answers = new(StringComparer.Ordinal);

    /// <summary>The names that were asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Sets the answer of a name; several answers are given one after the other, the last one for ever.</summary>
    public FakeResolver Add(string host, params string[] addresses)
    {
        if (!_answers.TryGetValue(host, out var answers))
        {
            _answers.Add(host, answers = new Queue<string[]>());
        }

        answers.Enqueue(addresses);
        return this;
    }

    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Asked.Enqueue(host);
        if (!_answers.TryGetValue(host, out var answers))
        {
            return ValueTask.FromResult<IReadOnlyList<IPAddress>>([]);
        }

        lock (answers)
        {
            var answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
            return ValueTask.FromResult<IReadOnlyList<IPAddress>>([.. answer.Select(IPAddress.Parse)]);
        }
    }
}
