using LeaseServer.Signing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SubnetVpn;

namespace LeaseServer.Http;

/// <summary>What every request goes through: its limits, who sent it, what is answered, and the signature of that.</summary>
internal sealed partial class LeaseExchange(RequestVerifier verifier, ServerKey key, RequestBuckets buckets, TimeProvider time, ILogger<LeaseExchange> logger)
{
    private const int MaxBodyBytes = 4096;

    /// <summary>Answers a question that anybody may ask.</summary>
    public Task AnswerAsync(HttpContext context, Func<byte[], Reply> answer) => AnswerAsync(context, (_, _, body) => answer(body));

    /// <summary>Answers a request of a peer.</summary>
    public Task AnswerSignedAsync(HttpContext context, Func<PeerId, byte[], Reply> answer) => AnswerAsync(context, (parts, target, body) =>
    {
        if (verifier.Verify(parts, context.Request.Method, target, body, out var peer) is { } problem)
        {
            LogRefused(context.Request.Method, target, problem.Kind);
            return Reply.Of(problem, time.GetUtcNow());
        }
        try
        {
            var reply = answer(peer, body);
            LogAnswered(context.Request.Method, target, peer, reply.Status);
            return reply;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotStored(exception);
            return Reply.Of(Problem.NotStored(), time.GetUtcNow());
        }
    });

    private async Task AnswerAsync(HttpContext context, Func<SignedParts, string, byte[], Reply> answer)
    {
        var parts = SignedParts.Of(context.Request.Headers);
        var target = context.Request.Path.Value + context.Request.QueryString.Value;
        Reply reply;
        if (context.Connection.RemoteIpAddress is { } remote && !buckets.TryTake(remote))
            reply = Reply.Of(Problem.TooManyRequests("This address sends too many requests. Ask less often."), time.GetUtcNow());
        else if (parts.Nonce.Length > 0 && !RequestVerifier.IsNonce(parts.Nonce))
            reply = Reply.Of(Problem.BadRequest($"{SignedParts.NonceHeader} must be 16 to 64 characters of base64url."), time.GetUtcNow());
        else if (await ReadBodyAsync(context.Request.Body, context.RequestAborted) is not { } body)
            reply = Reply.Of(Problem.TooLarge(MaxBodyBytes), time.GetUtcNow());
        else
            reply = answer(parts, target, body);
        await WriteAsync(context, reply, target, parts.Nonce);
    }

    private async Task WriteAsync(HttpContext context, Reply reply, string target, string nonce)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers.RetryAfter = reply.RetryAfter;
        response.Headers["Lease-Server-Signature"] = Convert.ToBase64String(key.Sign(CanonicalText.OfReply(context.Request.Method, target, nonce, reply.Status, reply.Body)));
        if (reply.Body.Length == 0)
            return;
        response.ContentLength = reply.Body.Length;
        await response.Body.WriteAsync(reply.Body, context.RequestAborted);
    }

    private static async Task<byte[]?> ReadBodyAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBodyBytes + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxBodyBytes ? null : buffer[..length];
    }

    [LoggerMessage(1, LogLevel.Information, "{Method} {Target} by {Peer}: {Status}")]
    private partial void LogAnswered(string method, string target, PeerId peer, int status);

    [LoggerMessage(2, LogLevel.Warning, "{Method} {Target} refused: {Kind}")]
    private partial void LogRefused(string method, string target, string kind);

    [LoggerMessage(3, LogLevel.Error, "A lease could not be stored.")]
    private partial void LogNotStored(Exception exception);
}
