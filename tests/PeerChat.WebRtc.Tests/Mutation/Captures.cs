using System.Text;
using PeerChat.WebRtc.Tests.Connection;
using PeerChat.WebRtc.Tests.DataChannels;
using PeerChat.WebRtc.Tests.Sdp;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary>What two of our own stacks said to each other, as the raw material of mutation.</summary>
internal sealed class Captures
{
    /// <summary>STUN messages.</summary>
    public List<byte[]> Stun { get; } = [];

    /// <summary>Datagrams with DTLS records.</summary>
    public List<byte[]> Dtls { get; } = [];

    /// <summary>SCTP packets: set-up, data in fragments, channels, resets, giving up, closing.</summary>
    public List<byte[]> Sctp { get; } = [];

    /// <summary>Descriptions, ours and others'.</summary>
    public List<byte[]> Sdp { get; } = [];

    /// <summary>Makes them anew, always the same but for keys.</summary>
    public static Captures Make()
    {
        var captures = new Captures();
        captures.RecordConnection();
        captures.RecordChannels(interleaves: true);
        captures.RecordChannels(interleaves: false);
        foreach (var text in new[] { SdpSamples.Chromium, SdpSamples.Firefox })
        {
            captures.Sdp.Add(Encoding.UTF8.GetBytes(text));
        }

        return captures;
    }

    private void RecordConnection()
    {
        var pair = new ConnectionPair();
        pair.Network.Middlebox = datagram =>
        {
            (datagram.Payload.Span[0] <= 3 ? Stun : Dtls).Add(datagram.Payload.ToArray());
            return datagram;
        };
        pair.Connect();
        Sdp.Add(
            Encoding.UTF8.GetBytes(
                PeerChat.WebRtc.Sdp.SdpDocument.WriteOffer(pair.Offerer.Connection.LocalDescription)
            )
        );
        var channel = pair.Offerer.Connection.OpenChannel("channel", pair.Network.Now);
        pair.Offerer.Connection.Send(channel, isText: true, "text"u8, pair.Network.Now);
        pair.Network.Run(TimeSpan.FromSeconds(20));
        pair.Offerer.Connection.Close(pair.Network.Now);
        pair.Network.Run(TimeSpan.FromSeconds(1));
    }

    private void RecordChannels(bool interleaves)
    {
        var options = new WebRtc.Sctp.SctpOptions { InterleavesMessages = interleaves };
        var pair = new ChannelPair(seed: 3, loss: 0.1, options: options);
        pair.Associations.Filter = (_, packet) =>
        {
            Sctp.Add(packet);
            return true;
        };
        pair.Connect();
        var ordered = pair.Client.Open("ordered", new DataChannelOptions(), pair.Now);
        var lossy = pair.Client.Open(
            "lossy",
            new DataChannelOptions
            {
                IsOrdered = false,
                MaxRetransmits = 0,
                Protocol = "p",
            },
            pair.Now
        );
        var theirs = pair.Server.Open("theirs", new DataChannelOptions(), pair.Now);
        for (var i = 0; i < 20; i++)
        {
            pair.Client.Send(ordered, isText: false, new byte[i * 200], pair.Now);
            pair.Client.Send(lossy, isText: true, new byte[i * 100], pair.Now);
            pair.Server.Send(theirs, isText: false, new byte[i * 50], pair.Now);
        }

        pair.RunFor(TimeSpan.FromSeconds(40));
        pair.Client.Close(ordered, pair.Now);
        pair.Server.Close(theirs, pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(5));
        pair.Associations.Left.Abort(pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(1));
    }
}
