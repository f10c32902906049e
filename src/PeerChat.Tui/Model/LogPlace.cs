namespace PeerChat.Tui.Model;

/// <summary>Where a line stands in a log: by the message's order and id, a line of the program's own behind its message.</summary>
/// <param name="Order">The message's order, or that of the message it stands behind.</param>
/// <param name="Id">The message's id, or that of the message it stands behind.</param>
/// <param name="Sub">0 for a message; counts up for the program's own lines.</param>
internal readonly record struct LogPlace(ulong Order, string Id, long Sub) : IComparable<LogPlace>
{
    /// <summary>Before everything.</summary>
    public static LogPlace Start => new(0, "", 0);

    /// <summary>Whether the text still waits for its place (it has no key to be written under).</summary>
    public bool IsWaiting => Order == ulong.MaxValue;

    /// <inheritdoc/>
    public int CompareTo(LogPlace other)
    {
        var byOrder = Order.CompareTo(other.Order);
        if (byOrder != 0)
        {
            return byOrder;
        }

        // outbox-9 before outbox-10; ids in hexadecimal are all of one length
        var byLength = Id.Length.CompareTo(other.Id.Length);
        var byId = byLength != 0 ? byLength : string.CompareOrdinal(Id, other.Id);
        return byId != 0 ? byId : Sub.CompareTo(other.Sub);
    }
}
