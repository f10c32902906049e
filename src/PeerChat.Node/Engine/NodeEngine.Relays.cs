using PeerChat.Node.Links;
using PeerChat.Node.Profiles;
using PeerChat.Primitives;
using PeerChat.WebRtc;
using PeerChat.WebRtc.Turn;

namespace PeerChat.Node.Engine;

/// <summary>STUN and TURN servers: the addresses they give, and what comes and goes through them.</summary>
internal sealed partial class NodeEngine
{
    private readonly IceGatherer _gatherer;

    /// <summary>Takes the addresses of a server in, looked up elsewhere.</summary>
    public void HandleServerResolved(
        int server,
        IReadOnlyList<TransportAddress> addresses,
        Instant now,
        WallTime wall
    )
    {
        (_now, _wall) = (now, wall);
        _gatherer.HandleResolved(server, addresses, now);
        PumpGatherer();
    }

    /// <summary>Takes in what the user's command printed for a server.</summary>
    public void HandleServerCredentials(int server, CredentialsAnswer answer, Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        if (answer.Credentials is { } credentials)
        {
            _gatherer.HandleCredentials(server, credentials, now);
        }
        else
        {
            _gatherer.HandleNoCredentials(server, answer.Problem, now);
        }

        PumpGatherer();
    }

    /// <summary>A connection to a server stands.</summary>
    public void HandleStreamOpened(int stream, TransportAddress local, Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        _gatherer.HandleStreamOpened(stream, local, now);
        PumpGatherer();
    }

    /// <summary>A connection to a server did not come about, or is over.</summary>
    public void HandleStreamClosed(int stream, bool isCertificate, string detail, Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        _gatherer.HandleStreamClosed(stream, isCertificate, detail, now);
        PumpGatherer();
    }

    /// <summary>Bytes came from a server.</summary>
    public void HandleStreamReceived(int stream, ReadOnlySpan<byte> bytes, Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        _gatherer.HandleStreamReceived(stream, bytes);
        while (_gatherer.TryTakeStreamData(stream, now, out var local, out var remote, out var payload))
        {
            HandlePeersDatagram(local, remote, payload);
        }

        PumpGatherer();
    }

    /// <summary>The own addresses that a peer may be told: with <see cref="EngineOptions.RelayOnly"/> none of this machine's.</summary>
    private IReadOnlyList<TransportAddress> LocalAddresses =>
        _options.RelayOnly ? [] : [.. _ports.Select(port => port.Address)];

    private PeerConnection NewConnection(bool isOfferer, IReadOnlyList<TransportAddress> peers)
    {
        var connection = new PeerConnection(isOfferer, LocalAddresses, _options.Entropy, _now)
        {
            MaxDatagramSize = PeerConnection.LargestDatagram, // the other side is a PeerChat too
            NamesServer = true,
        };
        HideAddresses(connection, peers);
        connection.AddGatheredCandidates(_gatherer.Candidates, _now);
        return connection;
    }

    /// <summary>Whether an offer or answer made now would lack what a server is just about to say.</summary>
    private bool MustWaitForServers =>
        !_gatherer.IsComplete || (_options.RelayOnly && !_gatherer.Relayed.Any());

    /// <summary>The same, and what a gateway is about to say, which matters to who is not on this network.</summary>
    private bool MustWaitForCandidates => MustWaitForServers || _mapper is { IsComplete: false };

    /// <summary>From where offers leave: by sockets, and to an address given by hand also by relays.</summary>
    private List<(TransportAddress Local, TransportAddress Remote)> PathsFor(
        IReadOnlyList<TransportAddress> addresses,
        int? interfaceIndex
    )
    {
        var direct = _options.RelayOnly ? [] : PathsTo(addresses, interfaceIndex);
        var relayed =
            from remote in interfaceIndex is null ? addresses : []
            from local in _gatherer.Relayed
            where local.IsIPv6 == remote.IsIPv6
            select (local, remote);
        return [.. direct, .. relayed];
    }

    private void PumpGatherer()
    {
        while (_gatherer.TryTakeEvent(out var happened))
        {
            switch (happened)
            {
                case GatheringEvent.Resolve resolve:
                    _effects.Enqueue(
                        new EngineEffect.ResolveServer(
                            resolve.Server,
                            resolve.Host,
                            resolve.Port,
                            resolve.NeedsCredentials
                                ? _gatherer.States.ElementAt(resolve.Server).Server.Label
                                : null
                        )
                    );
                    break;
                case GatheringEvent.OpenStream open:
                    _effects.Enqueue(
                        new EngineEffect.OpenStream(
                            open.Stream,
                            open.Address,
                            open.TlsHost,
                            [.. _ports.Select(port => port.Address)]
                        )
                    );
                    break;
                case GatheringEvent.SendStream send:
                    _effects.Enqueue(new EngineEffect.SendStream(send.Stream, send.Bytes));
                    break;
                case GatheringEvent.CloseStream close:
                    _effects.Enqueue(new EngineEffect.CloseStream(close.Stream));
                    break;
                case GatheringEvent.CandidatesChanged:
                    FollowAddresses(onlyLost: true);
                    break;
                case GatheringEvent.ServerFailed failed:
                    Notice(null, NoticeCode.Information, Explain(failed));
                    break;
                default:
                    break;
            }
        }
    }

    private string Explain(GatheringEvent.ServerFailed failed)
    {
        var server = _gatherer.States.ElementAt(failed.Server).Server;
        var because = ServerProblem(server, failed.Failure, failed.Detail);
        // Whole sentences, which faces know again and say in the user's language
        return server.IsTurn
            ? $"The TURN server {server.Label} {because}. No connection goes through it until that is set right; PeerChat goes on trying."
            : $"The STUN server {server.Label} {because}. It tells no address until that is set right; PeerChat goes on trying.";
    }

    /// <summary>Why a server gives no address, to follow its name; empty where it does or is being asked.</summary>
    private static string ServerProblem(IceServer server, TurnFailure failure, string detail) =>
        failure switch
        {
            TurnFailure.None => "",
            TurnFailure.NotFound =>
                $"could not be looked up: check the spelling of {server.Host} and this machine's name service",
            TurnFailure.NoAnswer when detail.Length > 0 => $"cannot be reached ({detail})",
            TurnFailure.NoAnswer =>
                "does not answer: it may be down, or a firewall drops what goes to it; with turn: try ?transport=tcp",
            TurnFailure.Certificate =>
                $"shows a certificate that does not hold ({detail}): name the authority that issued it with --turn-ca",
            TurnFailure.Credentials => "does not take the user name or password",
            TurnFailure.NoCredentials => $"is not asked, for want of a user name and password: {detail}",
            TurnFailure.Full => "has no room, or this user has as many relays as allowed",
            TurnFailure.Refused => $"refuses to relay (error {detail})",
            _ => "says what makes no sense: another service may run there",
        };

    private ServerSummary[] Servers() =>
        [
            .. _gatherer.States.Select(state => new ServerSummary(
                state.Server.Label,
                state.Address?.ToString() ?? "",
                ServerProblem(state.Server, state.Failure, state.Detail)
            )),
        ];

    private void ReleaseRelays()
    {
        _gatherer.Close(_now);
        PumpGatherer();
    }

    private static ConnectionPath PathOf(PeerLink? link) =>
        link is null ? ConnectionPath.None
        : link.Connection.IsRelayed ? ConnectionPath.Relayed
        : ConnectionPath.Direct;
}
