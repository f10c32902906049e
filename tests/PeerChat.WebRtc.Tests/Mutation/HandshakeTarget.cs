using PeerChat.TestKit;
using PeerChat.WebRtc.Tests.Dtls;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary>Both ends of a DTLS handshake, at every point of it, and the connection afterwards.</summary>
internal sealed class HandshakeTarget(Captures captures) : IMutationTarget, IDisposable
{
    private const int MaxInputs = 200;
    private readonly List<byte[]> _samples = [];
    private DtlsPair? _pair;
    private int _inputs;

    public string Name => "DTLS handshake";

    public int Share => 40;

    public long Understood { get; private set; }

    public void Prepare(Mutator mutator)
    {
        if (
            _pair is null
            || ++_inputs >= MaxInputs
            || _pair.Client.CloseReason is not null
            || _pair.Server.CloseReason is not null
        )
        {
            _pair?.Dispose();
            _pair = new DtlsPair(mutator.Below(1_000_000));
            _inputs = 0;
            _samples.Clear();
            _samples.AddRange(captures.Dtls);
            _pair.Server.Connection.Start(_pair.Now, null);
            _pair.Client.Connection.Start(_pair.Now, null);
            Pass(_pair.Client, _pair.Server, mutator);
        }
        else if (mutator.Below(20) == 0)
        {
            var fromClient = mutator.Below(2) == 0;
            var (from, to) = fromClient ? (_pair.Client, _pair.Server) : (_pair.Server, _pair.Client);
            if (from.IsConnected && from.CloseReason is null)
            {
                from.Connection.Send("data"u8);
            }

            Pass(from, to, mutator);
        }
    }

    public int Take(Mutator mutator)
    {
        var side = mutator.Below(2) == 0 ? _pair!.Client : _pair!.Server;
        side.Connection.HandleDatagram(_pair.Now, mutator.Mutate(_samples));
        var sent = side.Drain();
        Understood += sent.Count > 0 ? 1 : 0;
        return sent.Count;
    }

    public void Dispose() => _pair?.Dispose();

    private void Pass(DtlsPair.Side from, DtlsPair.Side to, Mutator mutator)
    {
        foreach (var datagram in from.Drain())
        {
            _samples.AddRange([datagram, datagram, datagram]);
            if (mutator.Below(4) != 0) // the rest comes mutated only
            {
                to.Connection.HandleDatagram(_pair!.Now, datagram.ToArray());
            }
        }
    }
}
