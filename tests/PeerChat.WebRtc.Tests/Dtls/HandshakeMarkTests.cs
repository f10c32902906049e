using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

/// <summary>For which of several connections on one path a handshake datagram is meant.</summary>
public sealed class HandshakeMarkTests : IDisposable
{
    private readonly SeededEntropy _entropy = new(1);
    private readonly DtlsCertificate _client;
    private readonly DtlsCertificate _server;
    private readonly DtlsCertificate _other;

    public HandshakeMarkTests()
    {
        _client = DtlsCertificate.Create(_entropy);
        _server = DtlsCertificate.Create(_entropy);
        _other = DtlsCertificate.Create(_entropy);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Every_flight_of_a_marked_handshake_names_its_connection_but_the_last()
    {
        var flights = Handshake(marksHello: true);

        flights
            .Select(flight => IsForServer(flight.Datagram))
            .Where((_, i) => !flights[i].IsToClient)
            .ShouldBe([true, true]);
        flights
            .Where(flight => flight.IsToClient)
            .Select(flight => IsForClient(flight.Datagram))
            .ShouldBe([true, null]);
    }

    [Fact]
    public void What_names_another_connection_is_not_meant_for_this_one()
    {
        var flights = Handshake(marksHello: true);

        foreach (var (isToClient, datagram) in flights)
        {
            var (own, peer) = isToClient ? (_client, _server) : (_server, _client);
            var isForOther = HandshakeMark.IsMeantFor(datagram, own.Sha256, _other.Sha256);
            (isForOther is true).ShouldBeFalse();
            isForOther.HasValue.ShouldBe(
                HandshakeMark.IsMeantFor(datagram, own.Sha256, peer.Sha256).HasValue
            );
        }
    }

    [Fact]
    public void A_hello_without_a_mark_may_be_anybodys() =>
        IsForServer(Handshake(marksHello: false)[0].Datagram).ShouldBeNull();

    [Fact]
    public void A_connection_without_marks_takes_a_marked_hello_and_names_no_session()
    {
        var hello = Handshake(marksHello: true)[1].Datagram;

        const int SessionIdLength = RecordHeader.Size + 12 + 2 + 32; // record, handshake header, version, random
        hello[SessionIdLength].ShouldBe((byte)0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_malformed_throws(int seed)
    {
        var random = new SeededEntropy(seed);
        foreach (var (_, datagram) in Handshake(marksHello: true))
        {
            for (var length = 0; length < datagram.Length; length++)
            {
                var mutated = datagram[..length].Concat(random.Bytes(3)).ToArray();
                mutated[random.Bytes(1)[0] % mutated.Length] ^= random.Bytes(1)[0];
                (HandshakeMark.IsMeantFor(mutated, _server.Sha256, _other.Sha256) is true).ShouldBeFalse();
            }
        }
    }

    private bool? IsForServer(byte[] datagram) =>
        HandshakeMark.IsMeantFor(datagram, _server.Sha256, _client.Sha256);

    private bool? IsForClient(byte[] datagram) =>
        HandshakeMark.IsMeantFor(datagram, _client.Sha256, _server.Sha256);

    private List<(bool IsToClient, byte[] Datagram)> Handshake(bool marksHello)
    {
        using var client = new DtlsConnection(true, _client, _server.Sha256, _entropy, marksHello);
        using var server = new DtlsConnection(false, _server, _client.Sha256, _entropy);
        client.Start(Instant.Origin, roundTripTime: null);
        server.Start(Instant.Origin, roundTripTime: null);
        List<(bool, byte[])> flights = [];
        var any = true;
        while (any)
        {
            any = false;
            foreach (var (from, to) in new[] { (client, server), (server, client) })
            {
                while (from.TryTakeTransmit(out var datagram))
                {
                    any = true;
                    flights.Add((to == client, datagram.ToArray()));
                    to.HandleDatagram(Instant.Origin, datagram.ToArray());
                }
            }
        }

        client.State.ShouldBe(DtlsState.Connected);
        return flights;
    }
}
