using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Tests.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Conformance;

/// <summary>Where giving up, resetting and repeating meet on the sender's side.</summary>
public sealed class SendingConformanceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Otherwise a FORWARD TSN that names the last number of before could come when the stream has begun anew, and be taken for a number
    /// of the new messages.
    /// </summary>
    [Fact]
    public void A_stream_with_messages_given_up_is_reset_only_once_the_peer_has_skipped_them()
    {
        var peer = new HandmadePeer();
        peer.Association.Send(
            new StreamId(5),
            PayloadProtocolIdentifier.Binary,
            [1],
            new SendOptions(MaxRetransmissions: 0),
            peer.Now
        );
        peer.Take();
        peer.Association.ResetStream(new StreamId(5), peer.Now);
        var sent = peer.Wait(Second * 3);

        sent.ShouldContain(chunk => chunk.Type == ChunkType.ForwardTsn);
        sent.ShouldNotContain(chunk => chunk.Type == ChunkType.Reconfiguration);
        peer.Give(HandmadePeer.Sack(HandmadePeer.FirstTsn));
        peer.TakeTypes().ShouldBe([ChunkType.Reconfiguration]);
    }

    [Fact]
    public void Message_identifiers_begin_at_zero_after_a_reset()
    {
        var peer = new HandmadePeer(
            new SctpOptions { InterleavesMessages = true },
            HandmadePeer.AllButInterleaving with
            {
                Interleaving = true,
            }
        );
        for (var round = 0u; round < 2; round++)
        {
            foreach (var isUnordered in new[] { true, false })
            {
                peer.Association.Send(
                    new StreamId(5),
                    PayloadProtocolIdentifier.Binary,
                    [1],
                    isUnordered,
                    peer.Now
                );
            }

            var chunks = peer.Take().Where(chunk => chunk.Type == ChunkType.InterleavedData).ToList();
            chunks.Count.ShouldBe(2);
            foreach (var (_, bytes) in chunks)
            {
                DataChunk.TryParse(bytes, out var data).ShouldBeTrue();
                data.MessageNumber.Value.ShouldBe(0u); // each kind of message counts on its own
            }

            peer.Give(HandmadePeer.Sack(HandmadePeer.FirstTsn.Add((int)(2 * round) + 1)));
            peer.Association.ResetStream(new StreamId(5), peer.Now);
            peer.TakeTypes().ShouldBe([ChunkType.Reconfiguration]);
            peer.Give(
                ReconfigurationChunk.Create(
                    new ReconfigurationResponse(
                        HandmadePeer.FirstTsn.Add((int)round).Value,
                        ResetResult.Performed
                    ).ToBytes()
                )
            );
        }
    }

    /// <summary>RFC 9260 section 6.3.2 R4 and 7.2.4: the oldest chunk was just sent, so its time begins now.</summary>
    [Fact]
    public void The_timer_begins_anew_when_the_oldest_chunk_is_repeated()
    {
        var wire = Wire.Established();
        for (var i = 0; i < 8; i++)
        {
            wire.Send(new byte[1100]);
        }

        wire.Take();
        var sentAt = wire.Now;
        for (ushort end = 2; end <= 5; end++)
        {
            wire.Now += TimeSpan.FromMilliseconds(50);
            wire.Association.HandleDeadline(wire.Now);
            wire.Give(HandmadePeer.Sack(wire.FirstTsn.Previous, new GapAckBlock(2, end)));
        }

        wire.Take().SelectMany(packet => packet.Tsns).ShouldContain(wire.FirstTsn);
        var before = wire.Association.Sending.Timeouts;
        wire.Wait(sentAt + TimeSpan.FromMilliseconds(260) - wire.Now); // when the first transmission's time would be over
        wire.Association.Sending.Timeouts.ShouldBe(before);
    }
}
