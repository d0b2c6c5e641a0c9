using LangGuard.Ablation;
using LangGuard.Permissions;

namespace LangGuard.Http;

internal sealed partial class GuardedHttpHandler
{
    private async Task<HttpResponseMessage> SendAsync(EgressPools pools, Dispatch dispatch)
    {
        // Everything lives in the pooled dispatch, and one kind of task is awaited: what an asynchronous method keeps over an
        // await is allocated for every request.
        try
        {
            while (true)
            {
                await PrepareAsync(dispatch).ConfigureAwait(false);
                await AuthorizeAsync(dispatch).ConfigureAwait(false);
                dispatch.BeginHop();
                try
                {
                    await AttachAsync(dispatch).ConfigureAwait(false);
                    dispatch.Send(pools, _unguardedTransport);
                    await ((Task)dispatch.Sending).ConfigureAwait(false);
                    if (Follows(dispatch))
                    {
                        continue;
                    }

                    await ReceiveAsync(dispatch).ConfigureAwait(false);
                    return Accept(dispatch);
                }
                catch (Exception error)
                {
                    if (Fail(dispatch, error) is { } denial)
                    {
                        throw denial;
                    }

                    dispatch.Cancellation.ThrowIfCancellationRequested();
                    if (QuotesAnswer(error))
                    {
                        throw new HttpRequestException(HttpRequestError.InvalidResponse, "The answer is not valid HTTP.");
                    }

                    throw;
                }
                finally
                {
                    dispatch.EndHop();
                }
            }
        }
        finally
        {
            pools.Return(dispatch);
        }
    }

    /// <summary>Makes the message of the next hop, its body included.</summary>
    private static Task PrepareAsync(Dispatch dispatch)
    {
        dispatch.Egress = dispatch.Hop.Prepare(dispatch.Request, dispatch.Origin, out var refusal)
            ?? throw Refuse(dispatch.Session, dispatch.Request, dispatch.Hop, refusal!);
        dispatch.Origin = dispatch.Egress.Url.Origin;
        return dispatch.Request.Content is { } content && !dispatch.Hop.IsBodyDropped
            ? TakeBodyAsync(dispatch, content)
            : Task.CompletedTask;
    }

    private static async Task TakeBodyAsync(Dispatch dispatch, HttpContent content)
    {
        var (body, refusal) = await RequestBodyReader.TakeAsync(
            content, dispatch.Hop.Body, dispatch.Egress, !dispatch.Hop.HasLeft, dispatch.Cancellation).ConfigureAwait(false);
        dispatch.Hop.Body = body;
        if (refusal is not null)
        {
            throw Refuse(dispatch.Session, dispatch.Request, dispatch.Hop, refusal);
        }
    }

    private static Task AuthorizeAsync(Dispatch dispatch)
    {
        var session = dispatch.Session;
        ref var hop = ref dispatch.Hop;
        var body = hop.IsBodyDropped ? null : hop.Body;
        var off = session.Policy.Dependencies.Off;
        if (hop.Redirects > 0 && off.Has(Wall.Redirects))
        {
            return Task.CompletedTask;
        }

        if (!off.Has(Wall.CredentialLeaks) && session.State<IssuedSecrets>().AppearIn(dispatch.Egress, body))
        {
            // The URL may hold the secret, so that it is not recorded.
            hop.Forget();
            throw Refuse(session, dispatch.Request, hop, CredentialReasons.Leak);
        }

        var operation = new HttpOperation(session.Principal, hop.Verb, hop.Url!, dispatch.Egress, body)
        {
            AskedFor = hop.AskedFor,
        };
        hop.AskedFor ??= operation;
        if (!dispatch.MayAsk)
        {
            dispatch.Permit = PermitOf(session.TryAuthorize(operation), operation);
            return Task.CompletedTask;
        }

        var deciding = session.TryAuthorizeAsync(operation, dispatch.Cancellation);
        if (!deciding.IsCompletedSuccessfully)
        {
            return WaitAsync(dispatch, deciding.AsTask(), operation);
        }

        dispatch.Permit = PermitOf(deciding.Result, operation);
        return Task.CompletedTask;
    }

    private static async Task WaitAsync(Dispatch dispatch, Task<Authorization> deciding, HttpOperation operation) =>
        dispatch.Permit = PermitOf(await deciding.ConfigureAwait(false), operation);

    /// <summary>What comes between the decision and the wire: the size of the body, a place under the rule, the credential.</summary>
    private static Task AttachAsync(Dispatch dispatch)
    {
        var grant = dispatch.Grant;
        var egress = dispatch.Egress;
        if (dispatch.Operation.RequestBody is { } body
            && (body.Bytes.Length > grant.MaxRequestBytes || egress.Content!.Headers.ContentLength > grant.MaxRequestBytes))
        {
            throw EgressDenial.Of(HttpReasons.BodyTooLarge);
        }

        egress.Grant = grant;
        return grant.Limits.AreCounted || grant.CredentialBinding is not null
            ? CountAndAttachAsync(dispatch, grant)
            : Task.CompletedTask;
    }

    private static async Task CountAndAttachAsync(Dispatch dispatch, HttpGrant grant)
    {
        var dependencies = dispatch.Permit.Policy.Dependencies;
        if (grant.Limits.AreCounted)
        {
            dispatch.Usage = await dispatch.Session.State<HttpUsage>()
                .EnterAsync(grant, dependencies.TimeProvider, dispatch.Stop).ConfigureAwait(false);
        }

        if (grant.CredentialBinding is not null)
        {
            dispatch.Credential = await CredentialInjector.AttachAsync(
                dispatch.Egress, dispatch.Operation, grant, dependencies, dispatch.Stop).ConfigureAwait(false);
            dispatch.Session.State<IssuedSecrets>().Add(dispatch.Credential.Patterns);
        }
    }

    private static bool Follows(Dispatch dispatch)
    {
        var response = dispatch.Response = dispatch.Sending.GetAwaiter().GetResult();
        if (!dispatch.Hop.TryFollow(response, dispatch.Credential))
        {
            return false;
        }

        dispatch.Permit.HidesResult = true;
        dispatch.Status = OutcomeStatus.Succeeded;
        response.Dispose();
        return true;
    }

    /// <summary>Reads a short body; a long one goes to the caller piece by piece.</summary>
    private static Task ReceiveAsync(Dispatch dispatch)
    {
        var permit = dispatch.Permit;
        var limits = dispatch.Grant.Limits;
        if (dispatch.Credential is not null)
        {
            dispatch.Response = ResponseGuard.Detach(dispatch.Response!);
        }

        var response = dispatch.Response!;
        var isShort = ResponseGuard.Check(response, limits, dispatch.Hop.Verb, dispatch.Credential);
        permit.BeginResult();
        if (!isShort)
        {
            dispatch.Exchange = new Exchange(
                permit, limits, dispatch.Usage, dispatch.Pool, dispatch.TimeLeft, dispatch.Operation.Body.Length,
                permit.Policy.Dependencies.TimeProvider);
            ResponseGuard.Wrap(response, dispatch.Exchange, dispatch.Credential);
            return Task.CompletedTask;
        }

        if (ResponseGuard.HasNoBody(response, dispatch.Hop.Verb))
        {
            return Task.CompletedTask;
        }

        dispatch.BytesIn = response.Content.Headers.ContentLength ?? 0;
        var reading = response.Content.LoadIntoBufferAsync(ResponseGuard.ReadAtOnce, dispatch.Stop);
        if (!reading.IsCompletedSuccessfully)
        {
            dispatch.Limit(limits.IdleTimeout);
        }

        return reading;
    }

    private static HttpResponseMessage Accept(Dispatch dispatch)
    {
        var response = dispatch.Response!;
        if (dispatch.Exchange is null && dispatch.Permit.Observes && !ResponseGuard.HasNoBody(response, dispatch.Hop.Verb))
        {
            ResponseGuard.Observe(response, dispatch.Permit);
            dispatch.Observe(response.Content);
        }

        dispatch.Status = OutcomeStatus.Succeeded;
        dispatch.Hop.Publish(dispatch.Request, response);
        return response;
    }

    /// <summary>Ends a hop that failed. Returns the denial that the caller sees, or null where the error is an ordinary one.</summary>
    private static AccessDeniedException? Fail(Dispatch dispatch, Exception error)
    {
        var denial = ToDenial(error, dispatch.Operation, dispatch.Credential, dispatch.IsLate);
        dispatch.StoppedBy = denial?.Decision.Reason;
        dispatch.Status = error is OperationCanceledException && !dispatch.IsLate ? OutcomeStatus.Cancelled : OutcomeStatus.Failed;
        dispatch.Response?.Dispose();
        dispatch.Exchange?.Finish(dispatch.Status, dispatch.StoppedBy);
        return denial;
    }

    private static Permit PermitOf(in Authorization answer, HttpOperation operation)
    {
        if (answer.Permit is { Grant: HttpGrant } permit)
        {
            return permit;
        }

        answer.Permit?.Dispose();
        throw new AccessDeniedException(
            answer.IsAllowed ? Decision.Deny(Reasons.InvalidVote) : answer.Decision, operation, answer.ApprovalRequestId);
    }
}
