using PeerChat.Primitives;
using PeerChat.Rendezvous.Services;
using PeerChat.Rooms.Signalling;
using PeerChat.WebRtc;
using PeerChat.WebRtc.Turn;

namespace PeerChat.Node.Engine;

/// <summary>What works and what stands in the way, for <c>peerchat doctor</c> and <c>/why</c>.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>So long after the last question services that nobody needs are kept.</summary>
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(10);

    /// <summary>How wrong a clock may be unnoticed: half of what makes others hold messages back, and above what connecting takes.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(2);

    /// <summary>A share of fewer says nothing.</summary>
    private const int FewestChecks = 3;

    private string? _probe;
    private Instant? _probeEnd;

    private NodeReply Diagnose(string? name)
    {
        Chat? chat = null;
        if (name is not null && (chat = FindChatByTitle(name)) is null)
        {
            return NoSuchChat(name);
        }

        var checks = new List<DiagnosisCheck>();
        if (chat is null)
        {
            CheckNetwork(checks);
            CheckServers(checks);
            CheckPortMapping(checks);
            CheckServices(checks);
            CheckClock(checks);
            Probe();
        }
        else
        {
            CheckChat(checks, chat);
        }

        return new NodeReply.Diagnosis(chat?.Key, [.. checks]);
    }

    /// <summary>The chat with this key, contact's name or title.</summary>
    private Chat? FindChatByTitle(string name) =>
        _chats.GetValueOrDefault(name)
        ?? _chats.Values.FirstOrDefault(chat =>
            string.Equals(chat.Title.TrimStart('#'), name.TrimStart('#'), StringComparison.OrdinalIgnoreCase)
        );

    private void CheckNetwork(List<DiagnosisCheck> checks)
    {
        var outside = _interfaces.Where(one => !one.IsLoopback).ToList();
        foreach (var one in _interfaces)
        {
            checks.Add(
                new DiagnosisCheck(
                    "interface",
                    one.Name,
                    DiagnosisVerdict.Good,
                    $"in use with {string.Join(", ", one.Addresses.Select(own => own.Address.WithPort(0).ToIPAddress()))}",
                    ""
                )
            );
        }

        if (outside.Count == 0)
        {
            checks.Add(
                new DiagnosisCheck(
                    "interface",
                    "network",
                    DiagnosisVerdict.Off,
                    "none is in use but this machine itself",
                    "connect it, or name an interface with --interface"
                )
            );
        }

        var seen = _board.Peers.Count();
        checks.Add(
            !UsesLan
                ? new DiagnosisCheck(
                    "lan",
                    "multicast",
                    DiagnosisVerdict.Off,
                    "the local network is not used",
                    ""
                )
            : seen > 0
                ? new DiagnosisCheck(
                    "lan",
                    "multicast",
                    DiagnosisVerdict.Good,
                    $"{seen} other PeerChat nodes are heard on the local network",
                    ""
                )
            : new DiagnosisCheck(
                "lan",
                "multicast",
                DiagnosisVerdict.Unknown,
                "no other PeerChat node is heard on the local network",
                "where one should be, the network keeps multicast from passing: dial it with --peer HOST"
            )
        );
    }

    private void CheckServers(List<DiagnosisCheck> checks)
    {
        foreach (var (server, state) in Servers().Zip(_gatherer.States))
        {
            checks.Add(
                server.Address.Length > 0
                    ? new DiagnosisCheck(
                        "server",
                        server.Server,
                        DiagnosisVerdict.Good,
                        $"gives the address {server.Address}",
                        ""
                    )
                : server.Problem.Length > 0
                    ? new DiagnosisCheck(
                        "server",
                        server.Server,
                        DiagnosisVerdict.Bad,
                        server.Problem,
                        AdviceOn(state.Failure)
                    )
                : new DiagnosisCheck(
                    "server",
                    server.Server,
                    DiagnosisVerdict.Unknown,
                    "is being asked",
                    "look again in a moment"
                )
            );
        }

        if (Servers().Length == 0)
        {
            checks.Add(
                new DiagnosisCheck(
                    "server",
                    "STUN and TURN",
                    DiagnosisVerdict.Off,
                    "none is named: behind a router nobody can reach this machine from outside",
                    "name one with --stun HOST, and a relay with --turn URL for networks that let nothing else pass"
                )
            );
        }

        CheckMapping(checks);
    }

    private static string AdviceOn(TurnFailure failure) =>
        failure switch
        {
            TurnFailure.NoCredentials =>
                "run what --turn-command names in a shell, and look at what it prints",
            TurnFailure.Credentials =>
                "check the user name and password; where they end after a while, have --turn-command print new ones",
            _ => "check its name and the firewall, or leave it out",
        };

    /// <summary>Two servers that see different ports of one socket tell of a NAT that gives every destination another one.</summary>
    private void CheckMapping(List<DiagnosisCheck> checks)
    {
        if (_gatherer.TryProbeBehavior(_now))
        {
            CheckBehavior(checks, _gatherer.Behavior!);
            return;
        }

        var seen = _gatherer
            .States.Where(state => state is { Address: not null, Server.IsTurn: false })
            .Select(state => state.Address!.Value)
            .ToList();
        if (seen.Count == 0)
        {
            return;
        }

        if (seen.Exists(address => _ports.Any(port => port.Address == address)))
        {
            checks.Add(new DiagnosisCheck("nat", "mapping", DiagnosisVerdict.Good, "there is no NAT", ""));
        }
        else if (seen.Count > 1 && seen.DistinctBy(address => address).Count() > 1)
        {
            checks.Add(
                new DiagnosisCheck(
                    "nat",
                    "mapping",
                    DiagnosisVerdict.Bad,
                    "the NAT gives each destination another port (address-dependent mapping)",
                    "name a relay with --turn URL: two such NATs find no direct path"
                )
            );
        }
        else
        {
            checks.Add(
                new DiagnosisCheck(
                    "nat",
                    "mapping",
                    seen.Count > 1 ? DiagnosisVerdict.Good : DiagnosisVerdict.Off,
                    seen.Count > 1
                        ? "the NAT keeps one port for all destinations (endpoint-independent mapping)"
                        : "there is a NAT; of which kind two STUN servers would tell",
                    seen.Count > 1 ? "" : "name a second --stun server"
                )
            );
        }
    }

    /// <summary>What a STUN server with two addresses found out (RFC 5780).</summary>
    private void CheckBehavior(List<DiagnosisCheck> checks, NatBehavior behavior)
    {
        if (_gatherer.IsProbing)
        {
            checks.Add(
                new DiagnosisCheck(
                    "nat",
                    "mapping and filtering",
                    DiagnosisVerdict.Unknown,
                    "are being found out",
                    "look again in a moment"
                )
            );
            return;
        }

        checks.Add(
            (behavior.IsNat, behavior.Mapping) switch
            {
                (false, _) => new DiagnosisCheck(
                    "nat",
                    "mapping",
                    DiagnosisVerdict.Good,
                    "there is no NAT",
                    ""
                ),
                (_, NatDependence.EndpointIndependent) => new DiagnosisCheck(
                    "nat",
                    "mapping",
                    DiagnosisVerdict.Good,
                    "the NAT keeps one port for all destinations (endpoint-independent mapping)",
                    ""
                ),
                (_, NatDependence.Unknown) => new DiagnosisCheck(
                    "nat",
                    "mapping",
                    DiagnosisVerdict.Off,
                    "there is a NAT; of which kind could not be found out",
                    "name a second --stun server"
                ),
                var (_, mapping) => new DiagnosisCheck(
                    "nat",
                    "mapping",
                    DiagnosisVerdict.Bad,
                    mapping == NatDependence.AddressDependent
                        ? "the NAT gives each address another port (address-dependent mapping)"
                        : "the NAT gives each destination another port (address and port-dependent mapping)",
                    "name a relay with --turn URL: two such NATs find no direct path"
                ),
            }
        );
        var what = behavior.IsNat ? "the NAT" : "the firewall";
        checks.Add(
            behavior.Filtering switch
            {
                NatDependence.EndpointIndependent => new DiagnosisCheck(
                    "nat",
                    "filtering",
                    DiagnosisVerdict.Good,
                    $"{what} lets everybody in who knows the port (endpoint-independent filtering)",
                    ""
                ),
                NatDependence.AddressDependent => new DiagnosisCheck(
                    "nat",
                    "filtering",
                    DiagnosisVerdict.Good,
                    $"{what} lets in whose address was written to (address-dependent filtering)",
                    ""
                ),
                NatDependence.AddressAndPortDependent => new DiagnosisCheck(
                    "nat",
                    "filtering",
                    DiagnosisVerdict.Good,
                    $"{what} lets in whose address and port were written to (address and port-dependent filtering)",
                    ""
                ),
                _ => new DiagnosisCheck(
                    "nat",
                    "filtering",
                    DiagnosisVerdict.Off,
                    "could not be found out",
                    ""
                ),
            }
        );
    }

    /// <summary>Has every service be reached, under a tag of chance where nobody needs it.</summary>
    private void Probe()
    {
        _probe ??= SignalTag.TryParse(_options.Entropy.Bytes(SignalTag.Size), out var tag)
            ? tag.ToString()
            : null;
        (_probeEnd, _reachIsDue) = (_now + ProbeTime, true);
    }

    private void CheckServices(List<DiagnosisCheck> checks)
    {
        foreach (var service in _services)
        {
            var area = service.Rung == Rung.Tracker ? "tracker" : "peerserver";
            var machine = service.Machine;
            checks.Add(
                machine.State switch
                {
                    ServiceState.Ready => new DiagnosisCheck(
                        area,
                        machine.Endpoint,
                        DiagnosisVerdict.Good,
                        "carries offers",
                        ""
                    ),
                    ServiceState.Failed => new DiagnosisCheck(
                        area,
                        machine.Endpoint,
                        DiagnosisVerdict.Bad,
                        machine.Problem,
                        "check its address and this machine's way out, or name another"
                    ),
                    // Also one that is only about to be reached, because it was asked about
                    _ => new DiagnosisCheck(
                        area,
                        machine.Endpoint,
                        DiagnosisVerdict.Unknown,
                        "is being reached",
                        "look again in a moment"
                    ),
                }
            );
        }

        if (_services.Count == 0)
        {
            checks.Add(
                new DiagnosisCheck(
                    "peerserver",
                    "PeerServers and trackers",
                    DiagnosisVerdict.Off,
                    "none is named: beyond the local network only known addresses, links and codes lead to people",
                    "name one that the others use too, with --peerserver URL or --tracker URL"
                )
            );
        }
    }

    /// <summary>A service says what time it is there.</summary>
    public void HandleServiceTime(int service, WallTime there, Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        if (service > 0 && service <= _services.Count)
        {
            _services[service - 1].ClockError = wall - there;
        }
    }

    /// <summary>Of several services the middle one is believed: one may have a wrong clock itself.</summary>
    private void CheckClock(List<DiagnosisCheck> checks)
    {
        var errors = _services.Select(service => service.ClockError).OfType<TimeSpan>().Order().ToList();
        if (errors.Count == 0)
        {
            return;
        }

        var error = errors[errors.Count / 2];
        var isRight = error.Duration() <= ClockTolerance;
        checks.Add(
            new DiagnosisCheck(
                "clock",
                "this machine's clock",
                isRight ? DiagnosisVerdict.Good : DiagnosisVerdict.Bad,
                isRight ? "agrees with that of the services"
                    : error > TimeSpan.Zero ? $"is {error.TotalSeconds:N0} s ahead of that of the services"
                    : $"is {error.Negate().TotalSeconds:N0} s behind that of the services",
                isRight
                    ? ""
                    : "set it right: messages from a clock more than five minutes ahead are held back by others, and people are looked for under the day's tags"
            )
        );
    }

    private void CheckChat(List<DiagnosisCheck> checks, Chat chat)
    {
        var links = _links
            .All.Where(link =>
                link.Phase == Links.LinkPhase.Authenticated
                && chat.Room is { } room
                && link.CommonRooms.Contains(room.Id)
            )
            .ToList();
        foreach (var link in links)
        {
            var rung = _linkRungs.GetValueOrDefault(link.Id);
            var figures = FiguresOf(link);
            var way = RelayedBy(link) is { Length: > 0 } member
                ? $"relayed by {member}, met by {RungName(rung)}{figures}"
                : $"{(link.Connection.IsRelayed ? "relayed" : "direct")}, {link.Connection.SelectedLocal} to {link.Connection.SelectedRemote}, "
                    + $"met by {RungName(rung)}{figures}";
            var silence = link.Connection.SilentSince is { } since ? _now - since : TimeSpan.Zero;
            checks.Add(
                silence < SilenceTold
                    ? new DiagnosisCheck("person", link.PeerName!.ToString(), DiagnosisVerdict.Good, way, "")
                    : new DiagnosisCheck(
                        "person",
                        link.PeerName!.ToString(),
                        DiagnosisVerdict.Bad,
                        $"no answer for {silence.TotalSeconds:0} s; {way}",
                        "wait: other paths are being tried, and within half a minute the connection is back or is made anew; what you write is kept"
                    )
            );
        }

        if (links.Count > 0)
        {
            return;
        }

        var (state, detail) = ConnectionOf(chat);
        checks.Add(
            new DiagnosisCheck(
                "person",
                chat.Title,
                state == ConnectionState.Failed ? DiagnosisVerdict.Bad
                    : state == ConnectionState.Connected ? DiagnosisVerdict.Good
                    : DiagnosisVerdict.Unknown,
                detail,
                AdviceFor(chat)
            )
        );
    }

    /// <summary>The round trip of the path in use, and what its checks lost with how much was measured, once there are a few.</summary>
    private string FiguresOf(Links.PeerLink link)
    {
        var loss = link.Connection.LossAt(_now);
        return link.Connection.RoundTripTime is not { TotalMilliseconds: var time } ? ""
            : loss.Checks < FewestChecks ? $", round trip {time:0.#} ms"
            : $", round trip {time:0.#} ms, {100.0 * loss.Lost / loss.Checks:0.#} % lost ({loss.Lost} of {loss.Checks} checks in {loss.Over.TotalSeconds:0} s)";
    }

    private string AdviceFor(Chat chat) =>
        chat.Guest is not null ? ""
        : chat.Point is not { } point ? "join the chat first"
        : point is { IsGuessable: true, LooksBeyond: false }
        && !_options.Ladder.IsPublic
        && _services.Count > 0
            ? "names that anybody may claim are looked for on the local network alone; --public looks beyond it"
        : _services.Count == 0
            ? "beyond the local network: --peer HOST, a contact link (peerchat invite), or a service that both use (--peerserver, --tracker)"
        : "ask whether they use the same service, and see 'peerchat doctor'";

    private static string RungName(Rung rung) =>
        rung switch
        {
            Rung.Direct => "a known address",
            Rung.Introduction => "introduction",
            Rung.PeerServer => "a PeerServer",
            Rung.Tracker => "a tracker",
            Rung.Pasted => "a pasted code",
            _ => "the local network",
        };
}
