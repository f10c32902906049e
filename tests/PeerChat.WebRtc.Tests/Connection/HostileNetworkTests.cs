using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>What strangers on the network cannot do to a connection.</summary>
public sealed class HostileNetworkTests
{
    private static readonly TransportAddress Stranger = Addresses.Of("10.0.0.66:6666");

    [Fact]
    public void Garbage_from_anywhere_changes_nothing()
    {
        var random = new Random(1);
        var pair = new ConnectionPair().Meet();
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(1, 1500)];
            random.NextBytes(bytes);
            var from = i % 2 == 0 ? Stranger : pair.Answerer.Addresses[0];
            pair.Network.Inject(from, pair.Offerer.Addresses[0], bytes);
            pair.Network.Run(TimeSpan.FromMilliseconds(0.1));
        }

        pair.Network.Run(TimeSpan.FromMilliseconds(5));
        pair.Offerer.IsConnected.ShouldBeTrue();
        pair.Answerer.IsConnected.ShouldBeTrue();
        pair.Offerer.Connection.SelectedRemote.ShouldBe(pair.Answerer.Addresses[0]);
        pair.Offerer.Connection.DroppedDatagrams.ShouldBeGreaterThanOrEqualTo(2000);
    }

    [Fact]
    public void Copies_of_our_own_datagrams_from_a_third_address_change_nothing()
    {
        var copied = 0;
        var pair = new ConnectionPair();
        pair.Network.Middlebox = d =>
        {
            if (d.Local != Stranger && d.Remote != Stranger)
            {
                copied++;
                pair.Network.Inject(Stranger, d.Remote, d.Payload.Span);
                return d;
            }

            return null;
        };

        pair.Connect(TimeSpan.FromMilliseconds(6));
        pair.Network.Run(TimeSpan.FromMinutes(2));

        copied.ShouldBeGreaterThan(10);
        pair.Offerer.Connection.State.ShouldBe(PeerConnectionState.Connected);
        pair.Offerer.Connection.SelectedRemote.ShouldBe(pair.Answerer.Addresses[0]);
        pair.Answerer.Connection.SelectedRemote.ShouldBe(pair.Offerer.Addresses[0]);
    }

    [Fact]
    public void DTLS_from_an_address_that_never_checked_is_dropped_unread()
    {
        var pair = new ConnectionPair();
        byte[]? hello = null;
        pair.Network.Middlebox = d =>
        {
            hello ??= d.Payload.Span[0] == 22 ? d.Payload.ToArray() : null;
            return hello is null ? d : null;
        };
        pair.Meet();
        pair.Network.RunUntil(() => hello is not null, TimeSpan.FromSeconds(1)).ShouldBeTrue();
        var dropped = pair.Offerer.Connection.DroppedDatagrams;
        var sent = pair.Network.Sent;

        pair.Network.Inject(Stranger, pair.Offerer.Addresses[0], hello);
        pair.Network.Run(TimeSpan.FromMilliseconds(2));

        pair.Offerer.Connection.DroppedDatagrams.ShouldBe(dropped + 1);
        pair.Network.Sent.ShouldBe(sent);
    }

    [Fact]
    public void Early_datagrams_are_kept_up_to_the_limit()
    {
        // the answerer's checks pass and so it may send DTLS; the offerer's own checks never do
        var pair = new ConnectionPair();
        pair.Network.Middlebox = d =>
            d.Local.Port == 1000 && PeerConnection.TryReadStunUfrag(d.Payload.Span, out _) ? null
            : d.Payload.Span[0] == 22 ? null
            : d;
        pair.Meet();
        pair.Network.Run(TimeSpan.FromMilliseconds(20));
        var dropped = pair.Offerer.Connection.DroppedDatagrams;

        for (var i = 0; i < EarlyDatagrams.MaxCount + 3; i++)
        {
            pair.Network.Inject(pair.Answerer.Addresses[0], pair.Offerer.Addresses[0], [22, 1, 2, 3]);
        }

        pair.Network.Inject(
            pair.Answerer.Addresses[0],
            pair.Offerer.Addresses[0],
            [22, .. new byte[EarlyDatagrams.MaxSize]]
        );
        pair.Network.Run(TimeSpan.FromMilliseconds(2));

        pair.Offerer.Connection.DroppedDatagrams.ShouldBe(dropped + 4);
    }

    [Fact]
    public void A_closed_connection_takes_nothing_in()
    {
        var pair = new ConnectionPair().Connect();
        pair.Offerer.Connection.Close(pair.Network.Now);
        var before = pair.Offerer.Connection.DroppedDatagrams;

        pair.Network.Inject(pair.Answerer.Addresses[0], pair.Offerer.Addresses[0], [22, 254, 253]);
        pair.Network.Inject(pair.Answerer.Addresses[0], pair.Offerer.Addresses[0], [0, 1, 0, 0]);
        pair.Network.Run(TimeSpan.FromSeconds(1));

        pair.Offerer.Connection.DroppedDatagrams.ShouldBeGreaterThanOrEqualTo(before + 2);
        pair.Offerer.Closed.ShouldBe(CloseReason.Local);
    }
}
