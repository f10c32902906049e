using System.Diagnostics;
using System.Globalization;
using PeerChat.Node;

namespace PeerChat.Benchmarks.Ladder;

/// <summary>Two nodes, or three, that can find each other by one rung alone.</summary>
internal sealed class LadderPair(string rung, string[] services, Scratch scratch, int round)
    : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<PeerChatNode> _nodes = [];
    private PeerChatNode? _host;
    private PeerChatNode? _guest;

    /// <summary>Whom the other joins.</summary>
    public string HostName { get; } = Names.Of($"host-{rung}-{round}");

    /// <summary>Whom the other joins, running.</summary>
    public PeerChatNode Host => _host ??= Start(HostName);

    /// <summary>Starts who joins.</summary>
    public PeerChatNode StartGuest()
    {
        _ = Host;
        return _guest = Start(Names.Of($"guest-{rung}-{round}"));
    }

    /// <summary>Starts a third.</summary>
    public PeerChatNode StartThird() => Start(Names.Of($"third-{rung}-{round}"));

    /// <summary>Ends who joined.</summary>
    public async Task StopGuestAsync()
    {
        _nodes.Remove(_guest!);
        await _guest!.DisposeAsync();
    }

    /// <summary>Where the host can be dialled.</summary>
    public async Task<string> HostAddressAsync()
    {
        await foreach (var happened in Host.Events.ReadAllAsync())
        {
            if (happened is NodeEvent.Ready ready)
            {
                return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ready.Port}");
            }
        }

        throw new InvalidOperationException("The node ended at once.");
    }

    /// <summary>Waits until who joined is connected.</summary>
    public async Task<TimeSpan> ConnectedAsync(long from)
    {
        await ConnectedAsync(_guest!, chat => chat.Connection == ConnectionState.Connected, Patience);
        return Stopwatch.GetElapsedTime(from);
    }

    /// <summary>Waits until a node's chat is as wanted.</summary>
    public static async Task ConnectedAsync(
        PeerChatNode node,
        Predicate<ChatSummary> isWanted,
        TimeSpan patience
    )
    {
        using var limit = new CancellationTokenSource(patience);
        await foreach (var happened in node.Events.ReadAllAsync(limit.Token))
        {
            if (
                happened is NodeEvent.ChatChanged { Chat: var changed } && isWanted(changed)
                || happened is NodeEvent.ChatReplaced { Chat: var replaced } && isWanted(replaced)
            )
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private PeerChatNode Start(string name)
    {
        var node = PeerChatNode.Start(
            new NodeOptions
            {
                User = name,
                ProfileDirectory = scratch.Fresh(name),
                Interfaces = ["loopback"],
                Announce = AnnouncePolicy.Always,
                AcceptAny = true,
                ReleaseOutboxUnasked = true,
                Rungs = rung switch
                {
                    "introduction" => "known,introduction",
                    "codes" => "known",
                    _ => rung,
                },
                PeerServers = rung == "peerserver" ? services : [],
                Trackers = rung == "tracker" ? services : [],
            }
        );
        _nodes.Add(node);
        return node;
    }
}
