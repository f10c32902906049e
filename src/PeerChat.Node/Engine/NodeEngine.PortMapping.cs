using System.Net;
using PeerChat.Primitives;
using PeerChat.WebRtc;

namespace PeerChat.Node.Engine;

/// <summary>Ports on the gateways of this machine's networks, so that others get in where a NAT lets nobody in.</summary>
/// <remarks>
/// A mapped address is one more candidate of type server-reflexive, with the socket as its base: peers check it as they check what a STUN
/// server saw, and it is preferred to that no more and no less.
/// </remarks>
internal sealed partial class NodeEngine
{
    /// <summary>
    /// A machine gets its address a moment before its route, and nobody tells of the route: gateways are looked for again after these times.
    /// </summary>
    private static readonly TimeSpan[] GatewaySearches =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(4),
        TimeSpan.FromSeconds(20),
    ];

    private readonly PortMapper? _mapper;
    private Instant? _gatewaysAt;
    private int _gatewaySearches;

    private Instant? NextMappingDeadline => Instant.Earliest(_mapper?.NextDeadline, _gatewaysAt);

    /// <summary>Takes the gateways of the interfaces in use in.</summary>
    /// <param name="gateways">For each address of this machine its gateway, both without ports.</param>
    /// <param name="now">The present.</param>
    /// <param name="wall">The wall clock.</param>
    public void HandleGateways(IReadOnlyDictionary<IPAddress, IPAddress> gateways, Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        _mapper?.SetSockets(
            [
                .. from port in _ports
                let gateway = gateways.GetValueOrDefault(port.Address.ToIPAddress())
                where gateway is not null
                select (port.Address, new TransportAddress(gateway, 0)),
            ],
            now
        );
        PumpMapper();
    }

    /// <summary>Takes the answer of a gateway's web server in; a status of 0 where there was none.</summary>
    public void HandleGatewayAnswer(
        int exchange,
        int status,
        ReadOnlySpan<byte> body,
        Instant now,
        WallTime wall
    )
    {
        (_now, _wall) = (now, wall);
        _mapper?.HandleHttp(exchange, status, body, now);
        PumpMapper();
    }

    /// <summary>Takes in what a gateway said to all.</summary>
    public void HandleGatewayAnnouncement(
        TransportAddress remote,
        ReadOnlySpan<byte> payload,
        Instant now,
        WallTime wall
    )
    {
        (_now, _wall) = (now, wall);
        _mapper?.HandleAnnouncement(now, remote, payload);
        PumpMapper();
    }

    private void LookForGateways()
    {
        if (_mapper is not null)
        {
            (_gatewaySearches, _gatewaysAt) = (0, null);
            SearchGateways();
        }
    }

    private void SearchGateways()
    {
        _effects.Enqueue(new EngineEffect.FindGateways());
        _gatewaysAt =
            _gatewaySearches < GatewaySearches.Length ? _now + GatewaySearches[_gatewaySearches++] : null;
    }

    private void HandleMappingDeadline()
    {
        if (_gatewaysAt <= _now)
        {
            SearchGateways();
        }

        if (_mapper is { } mapper && mapper.NextDeadline <= _now)
        {
            mapper.HandleDeadline(_now);
            PumpMapper();
        }
    }

    private void PumpMapper()
    {
        if (_mapper is not { } mapper)
        {
            return;
        }

        while (mapper.TryTakeTransmit(out var datagram))
        {
            _signals.Enqueue(datagram);
        }

        while (mapper.TryTakeEvent(out var happened))
        {
            switch (happened)
            {
                case PortMappingEvent.Http http:
                    _effects.Enqueue(
                        new EngineEffect.AskGateway(
                            http.Exchange,
                            http.Local,
                            http.Url,
                            http.Action,
                            http.Body
                        )
                    );
                    break;
                case PortMappingEvent.Changed:
                    _gatherer.SetMapped(mapper.Candidates, _now);
                    PumpGatherer();
                    break;
                default:
                    break;
            }
        }
    }

    private void ReleasePorts()
    {
        _gatewaysAt = null;
        _mapper?.Close(_now);
        PumpMapper();
    }

    private void CheckPortMapping(List<DiagnosisCheck> checks)
    {
        if (_mapper is not { } mapper)
        {
            checks.Add(
                new DiagnosisCheck("mapping", "port mapping", DiagnosisVerdict.Off, "is not used", "")
            );
            return;
        }

        foreach (var state in mapper.States)
        {
            var subject = state.Gateway.ToIPAddress().ToString();
            checks.Add(
                state.External is { } external
                    ? PortMapper.IsPublic(external)
                        ? new DiagnosisCheck(
                            "mapping",
                            subject,
                            DiagnosisVerdict.Good,
                            $"leads {external} to this machine ({ProtocolName(state.Protocol)})",
                            ""
                        )
                        : new DiagnosisCheck(
                            "mapping",
                            subject,
                            DiagnosisVerdict.Good,
                            $"leads {external} to this machine ({ProtocolName(state.Protocol)}), which is behind another NAT itself",
                            "ask your provider for an address of your own, or name a relay with --turn URL"
                        )
                    : state.Problem.Length > 0
                        ? new DiagnosisCheck(
                            "mapping",
                            subject,
                            DiagnosisVerdict.Unknown,
                            state.Problem,
                            "where others do not get in, switch UPnP or NAT-PMP on in the router's settings"
                        )
                        : new DiagnosisCheck(
                            "mapping",
                            subject,
                            DiagnosisVerdict.Unknown,
                            "is being asked for a port",
                            "look again in a moment"
                        )
            );
        }

        if (!mapper.States.Any())
        {
            checks.Add(
                new DiagnosisCheck(
                    "mapping",
                    "port mapping",
                    DiagnosisVerdict.Off,
                    "is not needed: no network in use has private addresses and a gateway",
                    ""
                )
            );
        }
    }

    private static string ProtocolName(PortMappingProtocol protocol) =>
        protocol switch
        {
            PortMappingProtocol.Pcp => "PCP",
            PortMappingProtocol.NatPmp => "NAT-PMP",
            _ => "UPnP",
        };
}
