using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>One request on its way: prepared, decided, sent, and after a redirect prepared again from the start.</summary>
#pragma warning disable CA1001 // The message is sent, and after that its response belongs to the caller.
internal sealed class HttpHop(
    GuardSession session, HttpRequestMessage outer, bool mayAsk, HttpMessageInvoker? unguardedTransport)
{
    private EgressRequest? _egress;
    private HttpOperation? _operation;
    private RequestBody? _body;
    private CanonicalUrl _url;
    private CanonicalUrl _first;
    private HttpVerbs _verb;
    private Uri? _target = outer.RequestUri;
    private bool _isRedirect;
    private bool _bodyDropped;

    /// <summary>Shows the caller the last hop, as the platform's own redirects do.</summary>
    public void Publish(HttpResponseMessage response)
    {
        response.RequestMessage = outer;
        if (_isRedirect)
        {
            outer.RequestUri = _url.Uri;
            outer.Method = HttpVerbNames.ToMethod(_verb);
            outer.Content = _bodyDropped ? null : outer.Content;
        }
    }

    /// <summary>Makes the message that will be sent, and the operation that describes exactly that message.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_isRedirect)
        {
            _verb = HttpVerbNames.Parse(outer.Method.Method);
        }

        var problem = UrlCanonicalizer.TryCreate(_target, out _url);
        if (problem != UrlProblem.None)
        {
            throw Refuse(HttpReasons.Url(problem));
        }

        if (_verb == HttpVerbs.None)
        {
            throw Refuse(HttpReasons.UnknownMethod);
        }

        if (!_isRedirect)
        {
            _first = _url;
        }

        _egress = new EgressRequest(HttpVerbNames.ToMethod(_verb), _url);
        if (RequestCopy.TryCopy(outer, _egress, _url.SameOrigin(_first)) is { } badHeader)
        {
            throw Refuse(badHeader);
        }

        if (outer.Content is { } content && !_bodyDropped && await TakeBodyAsync(content, cancellationToken).ConfigureAwait(false)
            is { } badBody)
        {
            throw Refuse(badBody);
        }

        if (session.State<IssuedSecrets>().AppearIn(_egress, _bodyDropped ? null : _body))
        {
            // The URL may hold the secret, so that it is not recorded.
            _url = default;
            throw Refuse(CredentialReasons.Leak);
        }

        _operation = new HttpOperation(session.Principal, _verb, _url, _egress, _bodyDropped ? null : _body);
    }

    /// <summary>Decides and sends. Null when the server redirected; then the hop is to be prepared again.</summary>
    public async ValueTask<HttpResponseMessage?> SendAsync(CancellationToken cancellationToken)
    {
        var operation = _operation!;
        var answer = mayAsk
            ? await session.TryAuthorizeAsync(operation, cancellationToken).ConfigureAwait(false)
            : session.TryAuthorize(operation);
        if (!answer.IsAllowed)
        {
            throw new AccessDeniedException(answer.Decision, operation, answer.ApprovalRequestId);
        }

        var dependencies = session.Policy.Dependencies;
        if (answer.Permit.Grant is not HttpGrant grant)
        {
            answer.Permit.Dispose();
            throw new AccessDeniedException(Decision.Deny(Reasons.InvalidVote), operation);
        }

#pragma warning disable CA2000 // Finished on every way out; after the hand-over by the response.
        var exchange = new Exchange(answer.Permit, grant, dependencies.TimeProvider);
#pragma warning restore CA2000
        try
        {
            return await SendAsync(exchange, dependencies, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            var late = exchange.IsLate && !cancellationToken.IsCancellationRequested;
            exchange.Finish(error is OperationCanceledException && !late ? OutcomeStatus.Cancelled : OutcomeStatus.Failed);
            if (EgressDenial.Find(error) is { } denial)
            {
                throw new AccessDeniedException(denial.Decision, operation);
            }

            if (error is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
            {
                throw new AccessDeniedException(Decision.Deny(HttpReasons.ResponseTooLarge), operation);
            }

            if (late)
            {
                throw new AccessDeniedException(Decision.Deny(HttpReasons.TooSlow), operation);
            }

            throw;
        }
    }

    /// <summary>Records a refusal that no rule can lift, and returns it to be thrown.</summary>
    public AccessDeniedException Refuse(Reason reason)
    {
        var operation = new HttpOperation(session.Principal, outer.Method.Method, _url, reason);
        var answer = session.Refuse(operation, reason);
        return new AccessDeniedException(answer.Decision, operation);
    }

    private async ValueTask<HttpResponseMessage?> SendAsync(
        Exchange exchange, PolicyDependencies dependencies, CancellationToken cancellationToken)
    {
        var egress = _egress!;
        var grant = exchange.Grant;
        CheckBody(grant);
        exchange.Sends(_operation!.RequestBody);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(exchange.Deadline, cancellationToken);
        await exchange.EnterAsync(session.State<HttpUsage>().For(grant), linked.Token).ConfigureAwait(false);
        egress.Grant = grant;
        AttachedCredential? credential = null;
        if (grant.CredentialBinding is not null)
        {
            credential = await CredentialInjector.AttachAsync(egress, _operation, grant, dependencies, linked.Token)
                .ConfigureAwait(false);
            session.State<IssuedSecrets>().Add(credential.Patterns);
        }

        var transport = unguardedTransport ?? EgressPools.Of(dependencies).Get(grant);
        var response = await SendAsync(transport, egress, credential, linked.Token).ConfigureAwait(false);
        try
        {
            if (TryFollow(response, credential))
            {
                exchange.Finish(OutcomeStatus.Succeeded);
                response.Dispose();
                return null;
            }

            await ResponseGuard.GuardAsync(response, exchange, _verb, credential, linked.Token).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static async ValueTask<HttpResponseMessage> SendAsync(
        HttpMessageInvoker transport, EgressRequest egress, AttachedCredential? credential, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.SendAsync(egress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (credential is not null && credential.AppearsIn(error.ToString()))
        {
            // The platform quotes a malformed answer in its message, with whatever the server echoed.
            throw EgressDenial.Of(HttpReasons.CredentialEcho);
        }
    }

    /// <summary>Sets up the next hop; false when the response is the answer.</summary>
    private bool TryFollow(HttpResponseMessage response, AttachedCredential? credential)
    {
        if (!RedirectTarget.TryRead(response, _url, out var location, out var target, out var problem))
        {
            return false;
        }

        if (problem is null && credential is not null && credential.AppearsIn(location))
        {
            problem = HttpReasons.CredentialEcho;
        }

        if (problem is not null)
        {
            throw EgressDenial.Of(problem);
        }

        var next = RedirectTarget.NextVerb((int)response.StatusCode, _verb);
        _bodyDropped |= next != _verb;
        if (!_bodyDropped && _body is { IsComplete: false })
        {
            throw EgressDenial.Of(HttpReasons.RedirectBody);
        }

        _verb = next;
        _target = target;
        _isRedirect = true;
        return true;
    }

    private async ValueTask<Reason?> TakeBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (_body is not null)
        {
            // A redirect sends the bytes that were held; the caller's stream is used up.
            RequestBodyReader.SendAgain(_body, content, _egress!);
            return null;
        }

        (_body, var problem) = await RequestBodyReader.ReadAsync(content, _egress!, cancellationToken).ConfigureAwait(false);
        return problem;
    }

    private void CheckBody(HttpGrant grant)
    {
        if (_operation!.RequestBody is { } body
            && (body.Bytes.Length > grant.MaxRequestBytes || _egress!.Content!.Headers.ContentLength > grant.MaxRequestBytes))
        {
            throw EgressDenial.Of(HttpReasons.BodyTooLarge);
        }
    }
}
