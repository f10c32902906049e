namespace PeerChat.Node.Control;

/// <summary>Which events a client wants, and from where on.</summary>
/// <param name="Run">The run of the node that it last listened to.</param>
/// <param name="After">The number of the last event it has of that run.</param>
/// <param name="AfterArrival">The greatest arrival of a message it has, for messages missed when the events are gone.</param>
/// <param name="Events">The only kinds it wants.</param>
/// <param name="Chats">The only chats it wants; what belongs to none comes all the same.</param>
internal sealed record SubscribeParams(
    string? Run = null,
    long? After = null,
    long? AfterArrival = null,
    string[]? Events = null,
    string[]? Chats = null
);
