using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Dtls.Messages;
using Shouldly;
using Xunit;
using Step = PeerChat.WebRtc.Tests.Dtls.Handcraft.Step;

namespace PeerChat.WebRtc.Tests.Dtls;

public sealed class HandshakeOrderTests
{
    public static TheoryData<string> ClientScripts => [.. Scripts(Handcraft.ClientScript)];

    public static TheoryData<string> ServerScripts => [.. Scripts(Handcraft.ServerScript)];

    [Fact]
    public void The_right_script_connects_to_our_server() =>
        Connects(isVictimClient: false, Handcraft.ClientScript).ShouldBeTrue();

    [Fact]
    public void The_right_script_connects_to_our_client() =>
        Connects(isVictimClient: true, Handcraft.ServerScript).ShouldBeTrue();

    [Theory]
    [MemberData(nameof(ClientScripts))]
    public void No_other_script_connects_to_our_server(string script) =>
        IsHarmless(isVictimClient: false, Parse(script), Handcraft.ClientScript).ShouldBeTrue();

    [Theory]
    [MemberData(nameof(ServerScripts))]
    public void No_other_script_connects_to_our_client(string script) =>
        IsHarmless(isVictimClient: true, Parse(script), Handcraft.ServerScript).ShouldBeTrue();

    /// <summary>
    /// All there are: 1957 sequences of the client's messages, each at most once, whole or in part; and as many of the server's
    /// behind its hello (without it nothing can follow).
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_arrangement_of_a_part_of_the_flight_connects(bool isVictimClient)
    {
        var right = isVictimClient ? Handcraft.ServerScript : Handcraft.ClientScript;
        Step[] start = isVictimClient ? [Step.ServerHello] : [];
        var count = 0;
        foreach (var rest in Arrangements(isVictimClient ? right[1..] : right))
        {
            Step[] script = [.. start, .. rest];
            IsHarmless(isVictimClient, script, right).ShouldBeTrue(string.Join(' ', script));
            count++;
        }

        count.ShouldBe(1957); // 6! (1/0! + 1/1! + … + 1/6!)
    }

    /// <summary>Somebody on the path rearranges the genuine messages, with or without new numbers.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Rearranged_genuine_messages_never_make_the_two_ends_disagree(bool ofClient, bool renumber)
    {
        var count = ofClient ? 5 : 6;
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                Rearrange(ofClient, renumber, i, j);
            }
        }
    }

    private static void Rearrange(bool ofClient, bool renumber, int i, int j)
    {
        using var pair = new DtlsPair(seed: (i * 10) + j + 1);
        var (sender, receiver) = ofClient ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        pair.Server.Connection.Start(pair.Now, null);
        pair.Client.Connection.Start(pair.Now, null);
        Pass(pair.Client, pair.Server);
        if (ofClient)
        {
            Pass(pair.Server, pair.Client);
        }

        // i == j leaves one out; i < j exchanges two; i > j sends j again in the place of i.
        var records = Records(sender.Drain());
        if (i >= records.Count || j >= records.Count)
        {
            return;
        }

        if (i == j)
        {
            records.RemoveAt(i);
        }
        else if (i < j)
        {
            (records[i], records[j]) = (records[j], records[i]);
        }
        else
        {
            records[i] = records[j].ToArray();
        }

        ushort number = (ushort)(ofClient ? 1 : 0);
        foreach (var record in records)
        {
            if (renumber && record[0] == (byte)ContentType.Handshake && record[4] == 0)
            {
                record[RecordHeader.Size + 4] = (byte)(number >> 8);
                record[RecordHeader.Size + 5] = (byte)number++;
            }

            receiver.Connection.HandleDatagram(pair.Now, record);
        }

        pair.Flush();
        receiver.Drain(keep: true);
        pair.Run(TimeSpan.FromSeconds(60));

        // Without new numbers it is only loss or reordering, which the timers repair.
        var both = pair.Client.IsConnected && pair.Server.IsConnected;
        if (!renumber)
        {
            both.ShouldBeTrue($"{i} {j}");
        }

        if (both)
        {
            pair.Client.Connection.RemoteCertificateSha256.ShouldBe(pair.ServerCertificate.Sha256);
            pair.Server.Connection.RemoteCertificateSha256.ShouldBe(pair.ClientCertificate.Sha256);
            pair.Client.Connection.ExportKeyingMaterial("x", 32)
                .ShouldBe(pair.Server.Connection.ExportKeyingMaterial("x", 32));
        }
        else
        {
            pair.Client.IsConnected.ShouldBeFalse();
        }
    }

    [Fact]
    public void Every_state_expects_one_message_and_the_clients_first_state_two()
    {
        foreach (var state in Enum.GetValues<HandshakeState>())
        {
            var expected = Enum.GetValues<HandshakeType>().Count(type => HandshakeTable.Expects(state, type));
            expected.ShouldBe(
                state switch
                {
                    HandshakeState.NotStarted or HandshakeState.Done or HandshakeState.Failed => 0,
                    HandshakeState.AwaitsServerHello => 2,
                    _ => 1,
                }
            );
        }
    }

    private static IEnumerable<Step[]> Arrangements(Step[] of)
    {
        yield return [];
        for (var i = 0; i < of.Length; i++)
        {
            foreach (var rest in Arrangements([.. of[..i], .. of[(i + 1)..]]))
            {
                yield return [of[i], .. rest];
            }
        }
    }

    private static IEnumerable<string> Scripts(Step[] script) =>
        Handcraft
            .Neighbours(script)
            .Select(steps => string.Join(' ', steps))
            .Distinct(StringComparer.Ordinal);

    private static Step[] Parse(string script) =>
        [.. script.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Step>)];

    // A message after the end of a right handshake changes nothing. ChangeCipherSpec carries nothing, is in no
    // transcript, and switches only when all else is verified: it may be anywhere or twice, but never missing.
    private static bool IsHarmless(bool isVictimClient, Step[] script, Step[] right)
    {
        var isRightButForTheSwitch =
            script.Contains(Step.ChangeCipherSpec)
            && WithoutSwitch(script).Take(right.Length - 1).SequenceEqual(WithoutSwitch(right));
        return isRightButForTheSwitch || !Connects(isVictimClient, script);
    }

    private static IEnumerable<Step> WithoutSwitch(Step[] script) =>
        script.Where(step => step != Step.ChangeCipherSpec);

    private static bool Connects(bool isVictimClient, Step[] script)
    {
        var entropy = new SeededEntropy(1);
        using var ours = DtlsCertificate.Create(entropy);
        using var theirs = DtlsCertificate.Create(entropy);
        using var connection = new DtlsConnection(isVictimClient, ours, theirs.Sha256, entropy);
        using var handcraft = new Handcraft(!isVictimClient, theirs);
        var victim = new DtlsPair.Side(connection);
        connection.Start(Instant.Origin, null);
        handcraft.Play(script, victim, Instant.Origin);
        victim.Drain();
        return victim.IsConnected;
    }

    private static void Pass(DtlsPair.Side from, DtlsPair.Side to)
    {
        from.Drain().ForEach(datagram => to.Connection.HandleDatagram(Instant.Origin, datagram));
        to.Drain(keep: true);
    }

    private static List<byte[]> Records(List<byte[]> datagrams)
    {
        List<byte[]> records = [];
        foreach (var datagram in datagrams)
        {
            var rest = datagram.AsSpan();
            while (RecordHeader.TryParse(rest, out var header))
            {
                var size = RecordHeader.Size + header.Length;
                records.Add(rest[..size].ToArray());
                rest = rest[size..];
            }
        }

        return records;
    }
}
