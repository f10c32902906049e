using System.Security.Cryptography;
using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Dtls.Messages;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

public sealed class DtlsConnectionTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [Fact]
    public void Connects_in_two_round_trips_and_carries_data_both_ways()
    {
        using var pair = new DtlsPair();
        pair.Start();
        pair.Run(TimeSpan.FromSeconds(1));

        pair.Client.Events.ShouldBe([new DtlsEvent.Connected()]);
        pair.Server.Events.ShouldBe([new DtlsEvent.Connected()]);
        (pair.Now - Instant.Origin).ShouldBe(TimeSpan.FromMilliseconds(4));
        pair.Client.Connection.NextDeadline.ShouldBeNull();
        pair.Server.Connection.NextDeadline.ShouldBeNull();

        pair.Client.Connection.Send("from the client"u8);
        pair.Server.Connection.Send("from the server"u8);
        pair.Flush();
        pair.Run(Long);
        pair.Server.Received.ShouldHaveSingleItem().ShouldBe("from the client"u8.ToArray());
        pair.Client.Received.ShouldHaveSingleItem().ShouldBe("from the server"u8.ToArray());
    }

    [Fact]
    public void Exports_the_same_keying_material_on_both_sides_and_other_material_for_other_labels()
    {
        using var pair = DtlsPair.Connected();
        var client = pair.Client.Connection;
        var server = pair.Server.Connection;

        client
            .ExportKeyingMaterial("EXPERIMENTAL a", 32)
            .ShouldBe(server.ExportKeyingMaterial("EXPERIMENTAL a", 32));
        client
            .ExportKeyingMaterial("EXPERIMENTAL a", 32)
            .ShouldNotBe(client.ExportKeyingMaterial("EXPERIMENTAL b", 32));
        using var other = DtlsPair.Connected(seed: 2);
        other
            .Client.Connection.ExportKeyingMaterial("EXPERIMENTAL a", 32)
            .ShouldNotBe(client.ExportKeyingMaterial("EXPERIMENTAL a", 32));
    }

    [Fact]
    public void Uses_AES_256_between_peers_of_this_stack_although_AES_128_stands_first_in_the_offer()
    {
        CipherSuite.Offered[0].ShouldBe(CipherSuite.EcdheEcdsaAes128Gcm);
        using var pair = new DtlsPair();
        pair.Server.Connection.Start(pair.Now, null);
        pair.Client.Connection.Start(pair.Now, null);
        pair.Client.Drain().ForEach(datagram => pair.Server.Connection.HandleDatagram(pair.Now, datagram));
        var flight = pair.Server.Drain()[0];
        RecordHeader.TryParse(flight, out var record).ShouldBeTrue();
        var message = flight.AsSpan(RecordHeader.Size, record.Length);
        ServerHello.TryParse(HandshakeMessage.BodyOf(message), out var hello).ShouldBeTrue();
        hello.CipherSuite.ShouldBe(CipherSuite.EcdheEcdsaAes256Gcm.Id);
    }

    [Fact]
    public void Both_sides_give_the_same_line_for_a_key_log_and_only_once_there_are_keys()
    {
        using var fresh = new DtlsPair();
        fresh.Start();
        fresh.Client.Connection.KeyLogLine().ShouldBeNull();
        using var pair = DtlsPair.Connected();
        var line = pair.Client.Connection.KeyLogLine().ShouldNotBeNull();
        line.ShouldMatch("^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$");
        pair.Server.Connection.KeyLogLine().ShouldBe(line);
    }

    [Fact]
    public void Nothing_public_gives_keys_away() =>
        typeof(PeerConnection)
            .Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers())
            .ShouldNotContain(member => member.Name.Contains("KeyLog", StringComparison.Ordinal));

    [Fact]
    public void Knows_the_certificates_of_both_sides()
    {
        using var pair = DtlsPair.Connected();
        pair.Client.Connection.LocalCertificateSha256.ShouldBe(SHA256.HashData(pair.ClientCertificate.Der));
        pair.Client.Connection.RemoteCertificateSha256.ShouldBe(pair.ServerCertificate.Sha256);
        pair.Server.Connection.RemoteCertificateSha256.ShouldBe(pair.ClientCertificate.Sha256);
    }

    [Fact]
    public void Refuses_a_server_whose_certificate_is_not_the_announced_one()
    {
        using var pair = new DtlsPair(fingerprintOfServer: new byte[32]);
        pair.Start();
        pair.Run(Long);
        pair.Client.CloseReason.ShouldBe(DtlsCloseReason.FingerprintMismatch);
        pair.Client.IsConnected.ShouldBeFalse();
        pair.Server.IsConnected.ShouldBeFalse();
        pair.Server.CloseReason.ShouldBe(DtlsCloseReason.PeerAlert);
    }

    [Fact]
    public void Refuses_a_client_whose_certificate_is_not_the_announced_one()
    {
        using var pair = new DtlsPair(fingerprintOfClient: new byte[32]);
        pair.Start();
        pair.Run(Long);
        pair.Server.CloseReason.ShouldBe(DtlsCloseReason.FingerprintMismatch);
        pair.Client.IsConnected.ShouldBeFalse();
        pair.Client.CloseReason.ShouldBe(DtlsCloseReason.PeerAlert);
    }

    [Fact]
    public void Drops_a_tampered_record_and_goes_on()
    {
        using var pair = DtlsPair.Connected();
        pair.Client.Connection.Send("one"u8);
        pair.Client.Connection.Send("two"u8);
        var datagrams = pair.Client.Drain();
        for (var i = 0; i < datagrams[0].Length; i++)
        {
            var tampered = datagrams[0].ToArray();
            tampered[i] ^= 1;
            pair.Server.Connection.HandleDatagram(pair.Now, tampered);
        }

        pair.Server.Connection.HandleDatagram(pair.Now, datagrams[1]);
        pair.Server.Drain();
        pair.Server.Received.ShouldHaveSingleItem().ShouldBe("two"u8.ToArray());
        pair.Server.Connection.Counters.Forged.ShouldBeGreaterThan(0);
        pair.Server.CloseReason.ShouldBeNull();

        pair.Server.Connection.HandleDatagram(pair.Now, datagrams[0]);
        pair.Server.Drain();
        pair.Server.Received.Count.ShouldBe(2); // a forged number had not moved the window
    }

    [Fact]
    public void Delivers_a_replayed_record_once()
    {
        using var pair = DtlsPair.Connected();
        pair.Client.Connection.Send("once"u8);
        var datagram = pair.Client.Drain().ShouldHaveSingleItem();
        pair.Server.Connection.HandleDatagram(pair.Now, datagram);
        pair.Server.Connection.HandleDatagram(pair.Now, datagram);
        pair.Server.Drain();
        pair.Server.Received.Count.ShouldBe(1);
        pair.Server.Connection.Counters.Replayed.ShouldBe(1);
    }

    [Fact]
    public void Takes_several_records_from_one_datagram()
    {
        using var pair = DtlsPair.Connected();
        for (byte i = 0; i < 50; i++)
        {
            pair.Client.Connection.Send([i]);
        }

        var batch = pair.Client.Drain().SelectMany(datagram => datagram).ToArray();
        pair.Server.Connection.HandleDatagram(pair.Now, batch);
        pair.Server.Drain();
        pair.Server.Received.Select(bytes => (int)bytes[0]).ShouldBe(Enumerable.Range(0, 50));
    }

    [Fact]
    public void CVE_2026_26014_the_explicit_nonce_is_epoch_and_sequence_number_and_never_comes_twice()
    {
        using var pair = DtlsPair.Connected();
        for (var i = 0; i < 100; i++)
        {
            pair.Client.Connection.Send("x"u8);
        }

        var records = pair.Client.Drain();
        records
            .Select(record => Convert.ToHexString(record, 13, 8))
            .Distinct(StringComparer.Ordinal)
            .Count()
            .ShouldBe(100);
        records.ForEach(record => record[3..11].ShouldBe(record[13..21]));
    }

    [Fact]
    public void Closes_both_ends_with_close_notify()
    {
        using var pair = DtlsPair.Connected();
        pair.Client.Connection.Close();
        pair.Client.Connection.Close();
        pair.Flush();
        pair.Run(Long);
        pair.Client.CloseReason.ShouldBe(DtlsCloseReason.LocalClose);
        pair.Server.CloseReason.ShouldBe(DtlsCloseReason.PeerClose);
        pair.Client.Events[^1].ShouldBeOfType<DtlsEvent.Closed>();

        pair.Server.Connection.Send("too late"u8);
        pair.Server.Drain().ShouldBeEmpty();
    }

    [Fact]
    public void Gives_up_after_thirty_seconds_of_silence()
    {
        var hole = new SimulatedPath(1, loss: 1);
        using var pair = new DtlsPair(toServer: hole, toClient: hole);
        pair.Start(TimeSpan.FromMilliseconds(10));
        pair.Run(Long);
        pair.Client.CloseReason.ShouldBe(DtlsCloseReason.Timeout);
        pair.Server.CloseReason.ShouldBe(DtlsCloseReason.Timeout);
        (pair.Now - Instant.Origin).ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Repeats_the_hello_after_two_round_trips_and_doubles_up_to_three_seconds()
    {
        var entropy = new SeededEntropy(1);
        using var certificate = DtlsCertificate.Create(entropy);
        using var client = new DtlsConnection(true, certificate, new byte[32], entropy);
        client.Start(Instant.Origin, TimeSpan.FromMilliseconds(100));
        List<double> waits = [];
        var last = Instant.Origin;
        while (waits.Count < 8)
        {
            var deadline = client.NextDeadline!.Value;
            client.HandleDeadline(deadline);
            waits.Add((deadline - last).TotalMilliseconds);
            last = deadline;
        }

        waits.ShouldBe([200, 400, 800, 1600, 3000, 3000, 3000, 3000]);
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(100, 200)]
    [InlineData(5000, 1000)]
    [InlineData(null, 1000)]
    public void Waits_first_between_thirty_milliseconds_and_a_second(int? roundTripTime, int expected) =>
        new RetransmissionTimer(
            roundTripTime is { } ms ? TimeSpan.FromMilliseconds(ms) : null
        ).Interval.TotalMilliseconds.ShouldBe(expected);

    [Fact]
    public void Keeps_handshake_datagrams_at_1200_bytes()
    {
        using var pair = new DtlsPair();
        pair.Start();
        var hello = pair.Client.Drain();
        hello.ShouldAllBe(datagram => datagram.Length <= 1200);
    }

    [Fact]
    public void Delivers_data_that_overtook_the_handshake_only_after_finished()
    {
        using var pair = new DtlsPair();
        var (client, server) = (pair.Client, pair.Server);
        server.Connection.Start(pair.Now, null);
        client.Connection.Start(pair.Now, null);
        Pass(pair, client, server);
        Pass(pair, server, client);
        Pass(pair, client, server);
        server.IsConnected.ShouldBeTrue();
        var finished = server.Drain();
        server.Connection.Send("early"u8);
        var early = server.Drain().ShouldHaveSingleItem();

        client.Connection.HandleDatagram(pair.Now, early);
        client.Drain();
        client.Received.ShouldBeEmpty();
        finished.ForEach(datagram => client.Connection.HandleDatagram(pair.Now, datagram));
        client.Drain();
        client.IsConnected.ShouldBeTrue();
        client.Received.ShouldHaveSingleItem().ShouldBe("early"u8.ToArray());
    }

    [Fact]
    public void Keeps_at_most_four_records_that_overtook_the_handshake()
    {
        using var pair = new DtlsPair();
        var (client, server) = (pair.Client, pair.Server);
        server.Connection.Start(pair.Now, null);
        client.Connection.Start(pair.Now, null);
        Pass(pair, client, server);
        Pass(pair, server, client);
        Pass(pair, client, server);
        var finished = server.Drain();
        for (byte i = 0; i < 10; i++)
        {
            server.Connection.Send([i]);
        }

        server.Drain().ForEach(datagram => client.Connection.HandleDatagram(pair.Now, datagram));
        finished.ForEach(datagram => client.Connection.HandleDatagram(pair.Now, datagram));
        client.Drain();
        client.Received.Count.ShouldBe(DtlsConnection.MaxHeldRecords);
        client.Connection.Counters.Overflowed.ShouldBe(6);
    }

    [Fact]
    public void Sends_the_last_flight_again_at_most_every_fifty_milliseconds_until_data_arrives()
    {
        using var pair = new DtlsPair();
        var (client, server) = (pair.Client, pair.Server);
        server.Connection.Start(pair.Now, null);
        client.Connection.Start(pair.Now, null);
        Pass(pair, client, server);
        Pass(pair, server, client);
        var flight = client.Drain();
        flight.ForEach(datagram => server.Connection.HandleDatagram(pair.Now, datagram));
        server.Drain().Count.ShouldBe(1);

        var now = pair.Now + TimeSpan.FromMilliseconds(49);
        flight.ForEach(datagram => server.Connection.HandleDatagram(now, datagram));
        server.Drain().ShouldBeEmpty();

        now += TimeSpan.FromMilliseconds(1);
        flight.ForEach(datagram => server.Connection.HandleDatagram(now, datagram));
        var lastFlight = server.Drain().ShouldHaveSingleItem();
        flight.ForEach(datagram => server.Connection.HandleDatagram(now, datagram));
        server.Drain().ShouldBeEmpty();

        client.Connection.HandleDatagram(now, lastFlight);
        client.Drain();
        client.IsConnected.ShouldBeTrue();
        client.Connection.Send("data"u8);
        client.Drain().ForEach(datagram => server.Connection.HandleDatagram(now, datagram));
        now += TimeSpan.FromSeconds(1);
        flight.ForEach(datagram => server.Connection.HandleDatagram(now, datagram));
        server.Drain().ShouldBeEmpty();
    }

    [Fact]
    public void Survives_a_forged_fatal_alert_when_the_handshake_moves_on()
    {
        using var pair = new DtlsPair();
        pair.Start();
        byte[] alert = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40];
        pair.Client.Connection.HandleDatagram(pair.Now, alert);
        pair.Server.Connection.HandleDatagram(pair.Now, alert);
        pair.Run(TimeSpan.FromSeconds(5));
        pair.Client.IsConnected.ShouldBeTrue();
        pair.Server.IsConnected.ShouldBeTrue();
        pair.Client.Connection.HandleDatagram(pair.Now, alert);
        pair.Client.Drain();
        pair.Client.CloseReason.ShouldBeNull();
    }

    [Fact]
    public void Misuse_throws()
    {
        using var pair = new DtlsPair();
        var client = pair.Client.Connection;
        Should.Throw<InvalidOperationException>(() => client.Send("x"u8));
        Should.Throw<InvalidOperationException>(() => client.ExportKeyingMaterial("label", 32));
        pair.Start();
        Should.Throw<InvalidOperationException>(() => client.Start(Instant.Origin, null));
        pair.Run(TimeSpan.FromSeconds(5));
        Should.Throw<ArgumentException>(() => client.Send([]));
        Should.Throw<ArgumentException>(() => client.Send(new byte[16385]));
        Should.Throw<ArgumentException>(() =>
            new DtlsConnection(true, pair.ClientCertificate, new byte[31], new SeededEntropy(1))
        );
    }

    [Fact]
    public void Allocates_next_to_nothing_per_record_in_the_steady_state()
    {
        using var pair = DtlsPair.Connected();
        var (client, server) = (pair.Client.Connection, pair.Server.Connection);
        var payload = new byte[1188];
        Exchange(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(1000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000 * 8);

        void Exchange(int count)
        {
            for (var i = 0; i < count; i++)
            {
                client.Send(payload);
                client.TryTakeTransmit(out var datagram);
                server.HandleDatagram(pair.Now, datagram.Span);
                server.TryTakeReceived(out var received).ShouldBeTrue();
                (received.Length == payload.Length).ShouldBeTrue();
            }
        }
    }

    private static void Pass(DtlsPair pair, DtlsPair.Side from, DtlsPair.Side to)
    {
        from.Drain().ForEach(datagram => to.Connection.HandleDatagram(pair.Now, datagram));
        to.Drain(keep: true);
    }
}
