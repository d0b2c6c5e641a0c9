namespace LangGuard.Http;

/// <summary>Why a request body is refused. Static, so that a denial allocates nothing and repeats nothing of the body.</summary>
internal static class BodyReasons
{
    internal static readonly Reason Missing = new(
        "http.body-missing", "The rule needs a request body, and there is none.", Retry.ChangeArguments);

    internal static readonly Reason NotGranted = new(
        "http.body", "The rule grants no request body.", Retry.ChangeArguments);

    internal static readonly Reason Type = new(
        "http.body-type",
        "The body does not have the media type that the rule grants, once, in UTF-8 and not compressed.",
        Retry.ChangeArguments);

    internal static readonly Reason Size = new(
        "http.body-size", "The body is larger than the rule grants.", Retry.ChangeArguments);

    internal static readonly Reason Json = new(
        "http.body-json",
        "The body is not one JSON value in well-formed UTF-8 without comments, of the depth that the rule grants.",
        Retry.ChangeArguments);

    internal static readonly Reason DuplicateKey = new(
        "http.body-duplicate-key",
        "The body names the same key twice, or in two letter cases; readers disagree on which one counts.",
        Retry.ChangeArguments);

    internal static readonly Reason Key = new(
        "http.body-key", "The body has a key that the rule does not grant.", Retry.ChangeArguments);

    internal static readonly Reason Number = new(
        "http.body-number", "The body has a number that readers disagree on: too long or outside the range of a double.",
        Retry.ChangeArguments);

    internal static readonly Reason MethodOverride = new(
        "http.method-override", "The body asks the server to treat the request as another method.");

    internal static readonly Reason Form = new(
        "http.body-form", "The body is not a well-formed form: ASCII, '&' between fields, valid percent-encoding.",
        Retry.ChangeArguments);

    internal static readonly Reason FormValue = new(
        "http.body-value", "A field of the body does not have the type or length that the rule grants.",
        Retry.ChangeArguments);

    internal static readonly Reason Multipart = new(
        "http.body-multipart", "The body is not a well-formed multipart form, or a part has headers that the rule does not grant.",
        Retry.ChangeArguments);

    internal static readonly Reason FileName = new(
        "http.body-file-name", "An uploaded file has a name or media type that the rule does not grant.",
        Retry.ChangeArguments);
}
