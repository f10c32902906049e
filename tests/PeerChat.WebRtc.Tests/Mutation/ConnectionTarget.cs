using PeerChat.TestKit;
using PeerChat.WebRtc.Tests.Connection;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary>A whole connection, from its first check on, on a path where somebody mutates what passes.</summary>
internal sealed class ConnectionTarget(Captures captures) : IMutationTarget
{
    private const int MaxInputs = 400;
    private readonly List<byte[]> _samples = [];
    private ConnectionPair? _pair;
    private int _inputs;

    public string Name => "whole connection";

    public int Share => 20;

    public long Understood { get; private set; }

    public void Prepare(Mutator mutator)
    {
        if (_pair is null || ++_inputs >= MaxInputs || _pair.Offerer.Closed is not null)
        {
            Begin(mutator);
        }

        if (mutator.Below(5) == 0)
        {
            _pair!.Network.Run(TimeSpan.FromMilliseconds(mutator.Below(20)));
        }
    }

    public int Take(Mutator mutator)
    {
        var offerer = _pair!.Offerer;
        var from = mutator.Below(8) == 0 ? Addresses.Of("10.0.0.66:6666") : _pair.Answerer.Addresses[0];
        offerer.HandleDatagram(_pair.Network.Now, offerer.Addresses[0], from, mutator.Mutate(_samples));
        // All that counts is signed, and so no mutated datagram does; but the genuine ones before it must have
        Understood += offerer.Connection.State
            is PeerConnectionState.Securing
                or PeerConnectionState.Connected
            ? 1
            : 0;
        var before = _pair.Network.Sent;
        _pair.Network.Run(TimeSpan.Zero);
        return (int)(_pair.Network.Sent - before);
    }

    private void Begin(Mutator mutator)
    {
        _inputs = 0;
        _samples.Clear();
        _samples.AddRange(captures.Stun);
        _samples.AddRange(captures.Dtls);
        var seed = mutator.Below(1_000_000);
        var pair = new ConnectionPair(
            new VirtualNetwork(seed, loss: 0.02),
            new ConnectionNode(true, seed, "10.0.0.1:1000"),
            new ConnectionNode(false, seed + 1, "10.0.0.2:2000")
        );
        pair.Network.Middlebox = datagram =>
        {
            if (datagram.Remote == pair.Offerer.Addresses[0])
            {
                _samples.Add(datagram.Payload.ToArray());
            }

            return datagram;
        };
        _pair?.Offerer.Connection.Dispose();
        _pair?.Answerer.Connection.Dispose();
        _pair = pair.Meet();
    }
}
