namespace PeerChat.Node.Engine;

/// <summary>Puts the messages of one turn in the order of their arrival.</summary>
/// <remarks>
/// A face keeps the greatest arrival it has seen and later asks for what came after it: of the messages of a turn none may overtake an
/// earlier one of another chat, or a face that stopped in between would never hear of it.
/// </remarks>
internal static class ArrivalOrder
{
    /// <summary>Orders what was enqueued last; everything but new messages keeps its place.</summary>
    /// <param name="events">The events of the turn.</param>
    /// <param name="from">How many of them stay as they are.</param>
    public static void Apply(Queue<NodeEvent> events, int from)
    {
        if (IsInOrder(events, from))
        {
            return;
        }

        var all = events.ToArray();
        var shown = new Queue<NodeEvent.MessageShown>(
            all.Skip(from).OfType<NodeEvent.MessageShown>().OrderBy(one => one.Message.Arrival)
        );
        events.Clear();
        for (var i = 0; i < all.Length; i++)
        {
            events.Enqueue(i >= from && all[i] is NodeEvent.MessageShown ? shown.Dequeue() : all[i]);
        }
    }

    private static bool IsInOrder(Queue<NodeEvent> events, int from)
    {
        var (place, last) = (0, 0L);
        foreach (var happened in events)
        {
            if (place++ < from || happened is not NodeEvent.MessageShown shown)
            {
                continue;
            }

            if (shown.Message.Arrival < last)
            {
                return false;
            }

            last = shown.Message.Arrival;
        }

        return true;
    }
}
