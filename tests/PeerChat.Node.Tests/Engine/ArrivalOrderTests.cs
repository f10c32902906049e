using PeerChat.Node.Engine;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

public sealed class ArrivalOrderTests
{
    [Fact]
    public void No_message_of_a_turn_overtakes_an_earlier_one_of_another_chat()
    {
        var hidden = new NodeEvent.MessageHidden("#a", "x");
        var events = new Queue<NodeEvent>([
            Shown("#z", 9),
            Shown("#a", 5),
            hidden,
            Shown("#a", 7),
            Shown("#b", 6),
        ]);

        ArrivalOrder.Apply(events, from: 1);

        events
            .Select(happened => happened is NodeEvent.MessageShown shown ? shown.Message.Arrival : 0)
            .ShouldBe([9, 5, 0, 6, 7]);
    }

    private static NodeEvent.MessageShown Shown(string chat, long arrival) =>
        new(
            new ChatMessage(chat, $"{arrival}", "a", "", false, "", 0, DeliveryState.Received, 0, 0, arrival)
        );
}
