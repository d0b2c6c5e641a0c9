namespace LangGuard.Misuse;

/// <summary>Asks at a terminal, one request at a time. A yes names the code of its request, so that an answer typed for another
/// one, or typed before the question was shown, approves nothing.</summary>
/// <param name="input">What the person types; null for the console.</param>
/// <param name="output">What the person sees; null for the console.</param>
public sealed class ConsoleApprover(TextReader? input = null, TextWriter? output = null) : IApprover, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc />
    public async ValueTask<bool> ApproveAsync(ApprovalRequest request, CancellationToken cancellationToken) =>
        await AnswerAsync(request, cancellationToken).ConfigureAwait(false) != ApprovalAnswer.No;

    /// <inheritdoc />
    public async ValueTask<ApprovalAnswer> AnswerAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var code = CodeOf(request);
            var to = output ?? Console.Out;
            await to.WriteAsync($"\n{request.Text}Type 'yes {code}' to approve once, 'value {code}' or 'source {code}' to approve the "
                + "targets or the source for this session; anything else is a no: ").ConfigureAwait(false);

            // A console can not be read asynchronously. A read that is given up swallows one answer, which is then a no.
            var from = input ?? Console.In;
            var line = await Task.Run(from.ReadLine, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
            return Read(line, code);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    /// <summary>Four characters; the whole id where the effect is too long to be shown.</summary>
    internal static string CodeOf(ApprovalRequest request) => request.IsShownInFull ? request.Id[..4] : request.Id;

    private static ApprovalAnswer Read(string? line, string code) => line?.Trim() switch
    {
        { } text when text == "yes " + code => ApprovalAnswer.Once,
        { } text when text == "value " + code => ApprovalAnswer.ThisValue,
        { } text when text == "source " + code => ApprovalAnswer.ThisSource,
        _ => ApprovalAnswer.No,
    };
}
