using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Gathering;
using PeerChat.WebRtc.Stun;
using PeerChat.WebRtc.Tests.Connection;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Gathering;

/// <summary>Kinds of NATs in front of a server with two addresses (RFC 5780).</summary>
public sealed class NatBehaviorTests
{
    private static readonly TransportAddress Socket = Addresses.Of("10.0.0.1:27717");
    private static readonly TransportAddress Server = Addresses.Of("192.0.2.1:3478");
    private static readonly TransportAddress Other = Addresses.Of("192.0.2.2:3479");
    private static readonly TransportAddress Mapped = Addresses.Of("198.51.100.7:40000");

    [Theory]
    [InlineData(NatDependence.EndpointIndependent, NatDependence.EndpointIndependent)]
    [InlineData(NatDependence.EndpointIndependent, NatDependence.AddressDependent)]
    [InlineData(NatDependence.EndpointIndependent, NatDependence.AddressAndPortDependent)]
    [InlineData(NatDependence.AddressDependent, NatDependence.AddressDependent)]
    [InlineData(NatDependence.AddressAndPortDependent, NatDependence.AddressAndPortDependent)]
    public void A_NAT_is_told_by_what_it_maps_and_what_it_lets_in(
        NatDependence mapping,
        NatDependence filtering
    )
    {
        var now = Instant.Origin;
        var probe = new NatBehaviorProbe(Socket, Server, Other, Mapped, new SeededEntropy(3), now);
        var sent = 0;
        while (!probe.IsDone)
        {
            while (probe.TryTakeTransmit(out var request))
            {
                sent++;
                if (Answer(request, mapping, filtering) is { } answer)
                {
                    probe.HandleMessage(answer, now).ShouldBeTrue();
                    probe.HandleMessage(answer, now).ShouldBeFalse(); // once
                }
            }

            now = probe.NextDeadline ?? now;
            probe.HandleDeadline(now);
        }

        probe.Result.ShouldBe(new NatBehavior(IsNat: true, mapping, filtering));
        sent.ShouldBeLessThanOrEqualTo(9);
        (now - Instant.Origin).ShouldBeLessThan(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void A_server_whose_second_address_is_silent_tells_nothing()
    {
        var now = Instant.Origin;
        var probe = new NatBehaviorProbe(Socket, Server, Other, Socket, new SeededEntropy(3), now);
        while (!probe.IsDone)
        {
            while (probe.TryTakeTransmit(out _)) { }

            now = probe.NextDeadline ?? now;
            probe.HandleDeadline(now);
        }

        probe.Result.ShouldBe(
            new NatBehavior(IsNat: false, NatDependence.Unknown, NatDependence.AddressAndPortDependent)
        );
    }

    private static byte[]? Answer(Datagram request, NatDependence mapping, NatDependence filtering)
    {
        var message = request.Payload.Span;
        StunHeader.TryParse(message, out var header).ShouldBeTrue();
        var change = message.Length > 28 ? message[StunHeader.Size + 7] : 0; // CHANGE-REQUEST comes first
        var isLetIn = change switch
        {
            6 => filtering == NatDependence.EndpointIndependent,
            2 => filtering != NatDependence.AddressAndPortDependent,
            _ => true,
        };
        var port =
            mapping == NatDependence.EndpointIndependent || request.Remote == Server ? Mapped.Port
            : mapping == NatDependence.AddressDependent ? 41_000
            : 41_000 + request.Remote.Port;
        var writer = new StunMessageWriter(
            new byte[100],
            StunMessageType.BindingSuccess,
            header.TransactionId
        );
        writer.WriteMappedAddress(Mapped.WithPort(port));
        return isLetIn ? writer.FinishUnsigned().ToArray() : null;
    }
}
