namespace LangGuard.Redaction;

/// <summary>The redactors of one policy, collected while it is built.</summary>
internal sealed class RedactorSet
{
    private readonly List<Redactor> _redactors = [Redactor.KnownSecrets];
    private readonly List<string> _values = [];
    private TextRedaction? _redaction;

    internal TextRedaction Redaction => _redaction ??= Compile();

    internal void Add(Redactor redactor)
    {
        if (!_redactors.Contains(redactor))
        {
            _redactors.Add(redactor);
        }
    }

    internal IReadOnlyList<string> Values => _values;

    internal void AddValue(string value) => _values.Add(value);

    private TextRedaction Compile() =>
        new(_values.Count == 0 ? _redactors : [.. _redactors, new ValueRedactor(_values)]);
}
