using PeerChat.TestKit;
using PeerChat.WebRtc.DataChannels;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Tests.DataChannels;
using PeerChat.WebRtc.Tests.Sctp;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary>An association with channels and traffic, whose peer holds the keys and says what it likes.</summary>
/// <remarks>Packets have the right tag and checksum, so that all of it reaches the chunks.</remarks>
internal sealed class AssociationTarget(Captures captures) : IMutationTarget
{
    private const int MaxInputs = 200; // then a fresh one: what is far from its peer soon drops everything
    private readonly List<byte[]> _samples = [];
    private ChannelPair? _pair;
    private VerificationTag _tag;
    private int _inputs;

    public string Name => "SCTP association with channels";

    public int Share => 250;

    public long Understood { get; private set; }

    private bool IsOver => _pair!.ServerEvents.OfType<DataChannelEvent.Closed>().Any();

    public void Prepare(Mutator mutator)
    {
        if (_pair is null || _inputs >= MaxInputs || IsOver)
        {
            Begin(mutator);
        }

        _inputs++;
        if (mutator.Below(10) == 0)
        {
            _pair!.RunFor(TimeSpan.FromMilliseconds(mutator.Below(1500)));
        }
    }

    public int Take(Mutator mutator)
    {
        var before = _pair!.Associations.Packets;
        var packet = mutator.Mutate(_samples, CommonHeader.Size);
        if (packet.Length >= CommonHeader.Size)
        {
            _pair.Associations.Right.HandlePacket(_pair.Now, PacketBytes.Seal(_tag, packet));
        }

        _pair.Server.Pump(_pair.Now);
        _pair.Associations.Drain();
        var sent = _pair.Associations.Packets - before;
        Understood += sent > 0 ? 1 : 0; // an answer
        return sent;
    }

    private void Begin(Mutator mutator)
    {
        _inputs = 0;
        _samples.Clear();
        _samples.AddRange(captures.Sctp);
        var options = new SctpOptions { InterleavesMessages = mutator.Below(2) == 0 };
        _pair = new ChannelPair(mutator.Below(1_000_000), loss: 0.05, options: options);
        _pair.Associations.Filter = (fromLeft, packet) =>
        {
            if (fromLeft && CommonHeader.TryParse(packet, out var header))
            {
                _tag = header.VerificationTag != VerificationTag.Zero ? header.VerificationTag : _tag;
                for (var i = 0; i < 5; i++)
                {
                    _samples.Add(packet); // those that fit the numbers of this one count more
                }
            }

            return true;
        };
        _pair.Connect();
        var channel = _pair.Client.Open("c", new DataChannelOptions { MaxRetransmits = 1 }, _pair.Now);
        var other = _pair.Server.Open("s", new DataChannelOptions(), _pair.Now);
        for (var i = 1; i < 10; i++)
        {
            _pair.Client.Send(channel, isText: false, new byte[i * 400], _pair.Now);
            _pair.Server.Send(other, isText: false, new byte[i * 400], _pair.Now);
        }

        _pair.RunFor(TimeSpan.FromMilliseconds(mutator.Below(100)));
    }
}
