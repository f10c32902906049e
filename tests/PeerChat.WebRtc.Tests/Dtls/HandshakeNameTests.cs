using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

/// <summary>For which of several connections on one path a handshake datagram is meant.</summary>
public sealed class HandshakeNameTests : IDisposable
{
    private readonly SeededEntropy _entropy = new(1);
    private readonly DtlsCertificate _client;
    private readonly DtlsCertificate _server;
    private readonly DtlsCertificate _other;

    public HandshakeNameTests()
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
    public void Every_flight_names_its_connection_but_the_last()
    {
        var named = Handshake(namesServer: true)
            .Select(flight =>
                HandshakeName.TryRead(flight.Datagram, out var name)
                    ? (bool?)(
                        flight.IsToClient
                            ? name.Names(_client.Sha256, _server.Sha256)
                            : name.Names(_server.Sha256, _client.Sha256)
                    )
                    : null
            );

        named.ShouldBe([true, true, true, null]);
    }

    [Fact]
    public void No_other_connection_is_named()
    {
        foreach (var (_, datagram) in Handshake(namesServer: true))
        {
            if (HandshakeName.TryRead(datagram, out var name))
            {
                name.Names(_other.Sha256, _other.Sha256).ShouldBeFalse();
                name.Names(_other.Sha256, remote: null).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public void A_hello_names_the_server_before_the_server_knows_of_whom()
    {
        HandshakeName.TryRead(Handshake(namesServer: true)[0].Datagram, out var name).ShouldBeTrue();

        name.Names(_server.Sha256, remote: null).ShouldBeTrue();
    }

    [Fact]
    public void A_hello_without_a_name_names_nobody() =>
        HandshakeName.TryRead(Handshake(namesServer: false)[0].Datagram, out _).ShouldBeFalse();

    [Fact]
    public void A_server_names_no_session()
    {
        var hello = Handshake(namesServer: true)[1].Datagram;

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
        foreach (var (_, datagram) in Handshake(namesServer: true))
        {
            for (var length = 0; length < datagram.Length; length++)
            {
                var mutated = datagram[..length].Concat(random.Bytes(3)).ToArray();
                mutated[random.Bytes(1)[0] % mutated.Length] ^= random.Bytes(1)[0];
                if (HandshakeName.TryRead(mutated, out var name))
                {
                    name.Names(_other.Sha256, _other.Sha256).ShouldBeFalse();
                }
            }
        }
    }

    private List<(bool IsToClient, byte[] Datagram)> Handshake(bool namesServer)
    {
        using var client = new DtlsConnection(true, _client, _server.Sha256, _entropy, namesServer);
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
