using System.Text;
using PeerChat.Primitives;
using PeerChat.WebRtc.DataChannels;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Tests.Sctp;

namespace PeerChat.WebRtc.Tests.DataChannels;

/// <summary>The channels of two sides over simulated paths; events are taken after each step, as a host does.</summary>
internal sealed class ChannelPair
{
    public ChannelPair(
        int seed = 1,
        TimeSpan? minDelay = null,
        TimeSpan? maxDelay = null,
        double loss = 0,
        SctpOptions? options = null,
        SctpOptions? serverOptions = null
    )
    {
        Associations = new AssociationPair(
            seed,
            minDelay,
            maxDelay,
            loss,
            options: options,
            rightOptions: serverOptions
        )
        {
            LeftReads = false,
            RightReads = false,
        };
        Client = new DataChannelTable(Associations.Left, isDtlsClient: true);
        Server = new DataChannelTable(Associations.Right, isDtlsClient: false);
    }

    public AssociationPair Associations { get; }
    public DataChannelTable Client { get; }
    public DataChannelTable Server { get; }
    public List<DataChannelEvent> ClientEvents { get; } = [];
    public List<DataChannelEvent> ServerEvents { get; } = [];
    public Instant Now => Associations.Now;

    public IReadOnlyList<string> ClientMessages => TextsOf(ClientEvents);
    public IReadOnlyList<string> ServerMessages => TextsOf(ServerEvents);

    public ChannelPair Connect()
    {
        Associations.Left.Connect(Now);
        Associations.Right.Connect(Now);
        RunUntil(() => ClientEvents.Count > 0 && ServerEvents.Count > 0);
        ClientEvents.Clear();
        ServerEvents.Clear();
        return this;
    }

    public bool RunUntil(Func<bool> condition, TimeSpan? limit = null)
    {
        var end = Now + (limit ?? TimeSpan.FromSeconds(60));
        Pump();
        while (!condition())
        {
            // Events are taken as soon as a step may have made one
            if (Now >= end || !Associations.RunUntil(StepTaken(), end - Now))
            {
                Pump();
                return condition();
            }

            Pump();
        }

        return true;
    }

    public void RunFor(TimeSpan span) => RunUntil(static () => false, span);

    public void Send(DataChannelTable from, ushort channel, string text) =>
        from.Send(channel, isText: true, Encoding.UTF8.GetBytes(text), Now);

    private static List<string> TextsOf(IEnumerable<DataChannelEvent> events) =>
        [
            .. events
                .OfType<DataChannelEvent.Message>()
                .Select(message => $"{message.Channel} {Encoding.UTF8.GetString(message.Payload.Span)}"),
        ];

    private static Func<bool> StepTaken()
    {
        var asked = 0;
        return () => asked++ > 0;
    }

    private void Pump()
    {
        Client.Pump(Now);
        Server.Pump(Now);
        while (Client.TryTakeEvent(out var e))
        {
            ClientEvents.Add(e);
        }

        while (Server.TryTakeEvent(out var e))
        {
            ServerEvents.Add(e);
        }

        Associations.Drain();
    }
}
