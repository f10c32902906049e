using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Tests.Connection;
using PeerChat.WebRtc.Tests.Turn;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary>A TURN client with an allocation, permissions and channels, whose server says what it likes.</summary>
internal sealed class TurnTarget(Captures captures) : IMutationTarget
{
    private const int MaxInputs = 200;
    private static readonly TransportAddress Peer = Addresses.Of("198.51.100.20:4000");
    private readonly List<byte[]> _samples = [];
    private TurnWorld? _world;
    private int _inputs;

    public string Name => "TURN client";

    public int Share => 40;

    public long Understood { get; private set; }

    public void Prepare(Mutator mutator)
    {
        if (_world is null || ++_inputs >= MaxInputs || _world.Client.State == WebRtc.Turn.TurnState.Closed)
        {
            Begin(mutator);
        }
        else if (mutator.Below(10) == 0)
        {
            _world.Client.Send(Peer.WithPort((ushort)(1 + mutator.Below(5))), "data"u8, _world.Now);
            _world.Run(TimeSpan.FromSeconds(mutator.Below(60)));
        }
    }

    public int Take(Mutator mutator)
    {
        var (sent, dropped) = (_world!.Sent, _world.Client.Dropped);
        _world.Give(mutator.Mutate(_samples));
        _world.Run(TimeSpan.Zero);
        Understood += _world.Client.Dropped == dropped ? 1 : 0;
        return (int)(_world.Sent - sent);
    }

    private void Begin(Mutator mutator)
    {
        _inputs = 0;
        _samples.Clear();
        _samples.AddRange(captures.Turn);
        _world = new TurnWorld(mutator.Below(1_000_000), loss: 0.1, set: server => server.NonceUses = 5);
        _world.Tap = message => _samples.AddRange([message, message, message]);
        _world.Allocate();
        _world.Client.Send(Peer, "data"u8, _world.Now);
        _world.Run(TimeSpan.FromSeconds(2));
        _world.Tap = null;
    }
}
