using System.Net;
using PeerChat.Node.Files;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Transport;

/// <summary>Blocks of an IPFS node or gateway that the user named, as raw responses of a trustless gateway; who asks verifies each.</summary>
/// <remarks>
/// Blocks that come next are asked for ahead, eight at once. Nothing that the gateway says is believed: a block is cut off beyond the greatest there is, a redirect is
/// followed within the gateway's own name only, and each block has its time. (IPFS specifications, Trustless Gateway, format=raw.)
/// </remarks>
internal sealed class GatewayBlocks : IBlockSource, IDisposable
{
    /// <summary>Blocks asked for at once.</summary>
    public const int MaxAhead = 8;

    /// <summary>Redirects followed for one block: to a subdomain, and to https.</summary>
    public const int MaxRedirects = 3;

    /// <summary>How often a block is asked for where the gateway is busy.</summary>
    public const int MaxTries = 3;

    /// <summary>How long one block may take where nobody says otherwise: 2 MiB at 35 KiB a second.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxConnectionsPerServer = MaxAhead,
            MaxResponseHeadersLength = 16,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly Uri _gateway;
    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _ended;
    private readonly LinkedList<Cid> _upcoming = new();
    private readonly Dictionary<Cid, Task<byte[]>> _asked = [];

    /// <summary>Begins; nothing is asked yet.</summary>
    /// <param name="gateway">The gateway's address: http or https.</param>
    /// <param name="patience">How long one block may take.</param>
    /// <param name="cancellation">Ends it.</param>
    public GatewayBlocks(Uri gateway, TimeSpan patience, CancellationToken cancellation)
    {
        (_gateway, _patience) = (gateway, patience);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="FileException">The gateway does not give it.</exception>
    public bool TryGet(Cid cid, out ReadOnlyMemory<byte> block, out bool isVerified)
    {
        isVerified = false;
        _upcoming.Remove(cid);
        if (!_asked.Remove(cid, out var asked))
        {
            asked = Task.Run(() => FetchAsync(cid), _ended.Token);
        }

        AskAhead();
        var bytes = asked.GetAwaiter().GetResult();
        block = bytes;
        // Only what it vouches for is asked for next
        if (cid.Codec == CidCodec.DagPb && cid.Names(bytes))
        {
            foreach (var below in BlockLinks.Of(cid, bytes).Reverse())
            {
                _upcoming.AddFirst(below);
            }

            AskAhead();
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Cancel();
        _client.Dispose();
        foreach (var left in _asked.Values)
        {
            // Nobody reads these any more, whatever became of them
            _ = left.ContinueWith(
                done => done.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
        }

        _ended.Dispose();
    }

    private void AskAhead()
    {
        while (_asked.Count < MaxAhead && _upcoming.First is { } first)
        {
            _upcoming.RemoveFirst();
            var cid = first.Value;
            if (!_asked.ContainsKey(cid))
            {
                _asked.Add(cid, Task.Run(() => FetchAsync(cid), _ended.Token));
            }
        }
    }

    private async Task<byte[]> FetchAsync(Cid cid)
    {
        for (var tries = 1; ; tries++)
        {
            using var time = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
            time.CancelAfter(_patience);
            try
            {
                if (await FetchAsync(cid, isLast: tries == MaxTries, time.Token) is { } block)
                {
                    return block;
                }
            }
            catch (OperationCanceledException) when (!_ended.IsCancellationRequested)
            {
                throw Failed(
                    $"{_gateway.Host} took longer than {_patience.TotalSeconds:0} s for one block; try again, or another gateway."
                );
            }
            catch (Exception failed) when (failed is HttpRequestException or IOException)
            {
                throw Failed(
                    $"{_gateway.Host} cannot be reached, or broke off ({failed.Message.TrimEnd('.')}).",
                    failed
                );
            }

            await Task.Delay(RetryPause, _ended.Token);
        }
    }

    private async Task<byte[]?> FetchAsync(Cid cid, bool isLast, CancellationToken cancellation)
    {
        var address = new Uri(_gateway, $"{_gateway.AbsolutePath.TrimEnd('/')}/ipfs/{cid}?format=raw");
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("application/vnd.ipld.raw");
            using var response = await _client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellation
            );
            if (response.Headers.Location is { } location && (int)response.StatusCode is >= 300 and < 400)
            {
                address = new Uri(address, location);
                if (redirects == MaxRedirects || !MayFollow(address))
                {
                    throw Failed(
                        $"{_gateway.Host} sends whoever asks to {address.Host}, which nobody named; name that one with --gateway if you mean it."
                    );
                }

                continue;
            }

            if (response.StatusCode == HttpStatusCode.OK)
            {
                return await ReadAsync(response, cancellation);
            }

            var isBusy =
                response.StatusCode
                is HttpStatusCode.TooManyRequests
                    or HttpStatusCode.BadGateway
                    or HttpStatusCode.ServiceUnavailable
                    or HttpStatusCode.GatewayTimeout;
            return isBusy && !isLast
                ? null
                : throw Failed(
                    $"{_gateway.Host} does not give block {cid} (it answered {(int)response.StatusCode})."
                );
        }
    }

    // {cid}.ipfs.HOST is how public gateways keep sites apart
    private bool MayFollow(Uri address) =>
        address.Scheme is "http" or "https"
        && (_gateway.Scheme == "http" || address.Scheme == "https")
        && (
            address.Host == _gateway.Host
            || address.Host.EndsWith("." + _gateway.Host, StringComparison.OrdinalIgnoreCase)
        );

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        using var whole = new MemoryStream();
        var piece = new byte[64 * 1024];
        for (int count; (count = await body.ReadAsync(piece, cancellation)) > 0; )
        {
            whole.Write(piece, 0, count);
            if (whole.Length > FileLimits.MaxBlock)
            {
                throw Failed($"{_gateway.Host} sent more than a block can have; nothing of it was kept.");
            }
        }

        return whole.ToArray();
    }

    private static FileException Failed(string sentence, Exception? inner = null) =>
        new(FileFailure.Unreachable, sentence, inner);
}
