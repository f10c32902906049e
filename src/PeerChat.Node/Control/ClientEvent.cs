namespace PeerChat.Node.Control;

/// <summary>An event as it came over the control socket.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Event">The event; null where further ones were passed over because too many waited.</param>
internal sealed record ClientEvent(long Number, NodeEvent? Event)
{
    /// <summary>Stands where events were passed over.</summary>
    public static readonly ClientEvent Skipped = new(0, null);
}
