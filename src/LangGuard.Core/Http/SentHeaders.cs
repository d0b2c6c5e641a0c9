using System.Net.Http.Headers;

namespace LangGuard.Http;

/// <summary>The headers of a request and of its content, without the credential that the guard itself attached. Allocates
/// nothing.</summary>
internal readonly struct SentHeaders(EgressRequest? request)
{
    public Enumerator GetEnumerator() => new(request);

    internal struct Enumerator
    {
        private readonly EgressRequest? _request;
        private HttpHeadersNonValidated.Enumerator _headers;
        private bool _isInContent;

        internal Enumerator(EgressRequest? request)
        {
            _request = request;
            _headers = request is null ? default : request.Headers.NonValidated.GetEnumerator();
        }

        public readonly KeyValuePair<string, HeaderStringValues> Current => _headers.Current;

        public bool MoveNext()
        {
            if (_request is null)
            {
                return false;
            }

            // The agent's own header of that name has been refused, so that nothing else is left out.
            while (_headers.MoveNext())
            {
                if (_isInContent || !_headers.Current.Key.Equals(_request.CredentialHeader, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            if (_isInContent || _request.Content is null)
            {
                return false;
            }

            _isInContent = true;
            _headers = _request.Content.Headers.NonValidated.GetEnumerator();
            return _headers.MoveNext();
        }
    }
}
