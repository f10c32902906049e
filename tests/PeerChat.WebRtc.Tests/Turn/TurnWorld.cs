using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Turn;

namespace PeerChat.WebRtc.Tests.Turn;

/// <summary>One client and one server in virtual time, with losses from a seed.</summary>
internal sealed class TurnWorld
{
    private readonly Random _losses;
    private readonly double _loss;

    public TurnWorld(
        int seed = 1,
        double loss = 0,
        bool isStream = false,
        string password = FakeTurnServer.Password,
        Action<FakeTurnServer>? set = null
    )
    {
        _losses = new Random(seed);
        _loss = loss;
        Server = new FakeTurnServer(new SeededEntropy(seed + 100));
        set?.Invoke(Server);
        Client = new TurnClient(FakeTurnServer.Username, password, isStream, new SeededEntropy(seed), Now);
    }

    public Instant Now { get; private set; } = Instant.Origin;
    public TurnClient Client { get; }
    public FakeTurnServer Server { get; }
    public List<(TransportAddress Peer, byte[] Payload)> Received { get; } = [];
    public long Sent { get; private set; }

    /// <summary>Sees what the server says to the client.</summary>
    public Action<byte[]>? Tap { get; set; }

    public void Run(TimeSpan span)
    {
        var end = Now + span;
        Exchange();
        while (Client.NextDeadline is { } next && next <= end)
        {
            Now = Instant.Max(Now, next);
            Client.HandleDeadline(Now);
            Exchange();
        }

        Now = end;
    }

    public TurnWorld Allocate()
    {
        Run(TimeSpan.FromSeconds(1));
        return this;
    }

    public void Give(byte[] message)
    {
        if (Client.HandleMessage(Now, message, out var peer, out var data))
        {
            Received.Add((peer, message[data]));
        }
    }

    private void Exchange()
    {
        var isQuiet = false;
        while (!isQuiet)
        {
            isQuiet = true;
            while (Client.TryTakeTransmit(out var message))
            {
                (isQuiet, Sent) = (false, Sent + 1);
                if (_losses.NextDouble() >= _loss)
                {
                    Server.Handle(message);
                }
            }

            while (Server.ToClient.TryDequeue(out var answer))
            {
                isQuiet = false;
                Tap?.Invoke(answer);
                if (_losses.NextDouble() >= _loss)
                {
                    Give(answer);
                }
            }
        }
    }
}
