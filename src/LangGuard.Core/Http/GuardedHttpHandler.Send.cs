using LangGuard.Permissions;

namespace LangGuard.Http;

internal sealed partial class GuardedHttpHandler
{
    private static readonly Action<object?> Cancel = static state => ((CancellationTokenSource)state!).Cancel();

    private async Task<HttpResponseMessage> SendAsync(
        GuardSession session, HttpRequestMessage request, bool mayAsk, CancellationToken cancellationToken)
    {
        var hop = new HopState(request);
        while (true)
        {
            var egress = hop.Prepare(request, out var refusal) ?? throw Refuse(session, request, hop, refusal!);
            if (request.Content is not null && !hop.IsBodyDropped)
            {
                (hop.Body, refusal) = await RequestBodyReader.TakeAsync(request.Content, hop.Body, egress, cancellationToken)
                    .AsTask().ConfigureAwait(false);
                if (refusal is not null)
                {
                    throw Refuse(session, request, hop, refusal);
                }
            }

            if (session.State<IssuedSecrets>().AppearIn(egress, hop.IsBodyDropped ? null : hop.Body))
            {
                // The URL may hold the secret, so that it is not recorded.
                hop.Forget();
                throw Refuse(session, request, hop, CredentialReasons.Leak);
            }

            var operation = new HttpOperation(
                session.Principal, hop.Verb, hop.Url!, egress, hop.IsBodyDropped ? null : hop.Body)
            {
                IsRedirected = hop.Redirects > 0,
            };
            var deciding = mayAsk
                ? session.TryAuthorizeAsync(operation, cancellationToken)
                : ValueTask.FromResult(session.TryAuthorize(operation));

            // Tasks only where something has to be waited for: what this method awaits is allocated for every request.
            var permit = PermitOf(
                deciding.IsCompletedSuccessfully ? deciding.Result : await deciding.AsTask().ConfigureAwait(false), operation);
            var grant = (HttpGrant)permit.Grant;
            var dependencies = session.Policy.Dependencies;
            var pools = EgressPools.Of(dependencies);
            var started = dependencies.TimeProvider.GetTimestamp();
#pragma warning disable CA2000 // Returned to the pool, which disposes.
            var stop = pools.Deadlines.Rent(grant.Limits.TotalTimeout);
#pragma warning restore CA2000
            var caller = cancellationToken.UnsafeRegister(Cancel, stop);
            RuleUsage? usage = null;
            HttpResponseMessage? response = null;
            Exchange? exchange = null;
            AttachedCredential? credential = null;
            var status = OutcomeStatus.Failed;
            long bytesIn = 0;
            try
            {
                CheckBody(operation, egress, grant);
                egress.Grant = grant;
                if (grant.Limits.AreCounted)
                {
                    usage = await session.State<HttpUsage>().EnterAsync(grant, dependencies.TimeProvider, stop.Token)
                        .ConfigureAwait(false);
                }

                if (grant.CredentialBinding is not null)
                {
                    credential = await CredentialInjector.AttachAsync(egress, operation, grant, dependencies, stop.Token)
                        .AsTask().ConfigureAwait(false);
                    session.State<IssuedSecrets>().Add(credential.Patterns);
                }

                response = await (_unguardedTransport ?? pools.Get(grant)).SendAsync(egress, stop.Token).ConfigureAwait(false);
                if (hop.TryFollow(response, credential))
                {
                    permit.HidesResult = true;
                    status = OutcomeStatus.Succeeded;
                    response.Dispose();
                    continue;
                }

#pragma warning disable CA2000 // It takes over the content of the response that it replaces.
                response = credential is null ? response : ResponseGuard.Detach(response);
#pragma warning restore CA2000
                var isShort = ResponseGuard.Check(response, grant.Limits, hop.Verb, credential);
                permit.BeginResult();
                if (!isShort)
                {
                    var left = TimeLeft(grant, dependencies, started);
#pragma warning disable CA2000 // The content owns it.
                    exchange = new Exchange(
                        permit, grant.Limits, usage, left, operation.Body.Length, dependencies.TimeProvider);
#pragma warning restore CA2000
                    ResponseGuard.Wrap(response, exchange, credential);
                }
                else if (!ResponseGuard.HasNoBody(response, hop.Verb))
                {
                    var reading = response.Content.LoadIntoBufferAsync(ResponseGuard.ReadAtOnce, stop.Token);
                    if (!reading.IsCompletedSuccessfully)
                    {
                        var left = TimeLeft(grant, dependencies, started);
                        stop.CancelAfter(left < grant.Limits.IdleTimeout ? left : grant.Limits.IdleTimeout);
                        await reading.ConfigureAwait(false);
                    }

                    bytesIn = response.Content.Headers.ContentLength ?? 0;
                    if (permit.Observes)
                    {
                        ResponseGuard.Observe(response, permit);
                        permit.Observe(await response.Content.ReadAsByteArrayAsync(stop.Token).ConfigureAwait(false));
                    }
                }

                status = OutcomeStatus.Succeeded;
                hop.Publish(request, response);
                return response;
            }
            catch (Exception error)
            {
                var isLate = stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested;
                status = error is OperationCanceledException && !isLate ? OutcomeStatus.Cancelled : OutcomeStatus.Failed;
                response?.Dispose();
                exchange?.Finish(status);
                if (ToDenial(error, operation, credential, isLate) is { } denial)
                {
                    throw denial;
                }

                cancellationToken.ThrowIfCancellationRequested();
                throw;
            }
            finally
            {
                if (exchange is null)
                {
                    usage?.Leave();
                    permit.Complete(new OperationOutcome(status, bytesIn, operation.Body.Length));
                }

                // After this no callback of the caller's token can run, so that the timer can serve another request.
                caller.Dispose();
                pools.Deadlines.Return(stop);
            }
        }
    }

    private static TimeSpan TimeLeft(HttpGrant grant, PolicyDependencies dependencies, long started)
    {
        var left = grant.Limits.TotalTimeout - dependencies.TimeProvider.GetElapsedTime(started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
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

    private static void CheckBody(HttpOperation operation, EgressRequest egress, HttpGrant grant)
    {
        if (operation.RequestBody is { } body
            && (body.Bytes.Length > grant.MaxRequestBytes || egress.Content!.Headers.ContentLength > grant.MaxRequestBytes))
        {
            throw EgressDenial.Of(HttpReasons.BodyTooLarge);
        }
    }
}
