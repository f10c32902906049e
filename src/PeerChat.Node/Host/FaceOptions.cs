namespace PeerChat.Node;

/// <summary>How a face wants to come to a node.</summary>
/// <param name="Kind">What it calls itself, for others to see: 1 to 64 characters.</param>
/// <param name="Ownership">Whether it may run the node itself.</param>
/// <param name="WithEvents">
/// Whether it is told what happens. A face that only asks leaves it out and starts sooner; its events are then those about itself:
/// <see cref="NodeEvent.OwnerChanged"/>, refusals of what it posted, <see cref="NodeEvent.Stopped"/>.
/// </param>
/// <param name="SeesAhead">
/// Whether it hears of received messages before they are durable, where it runs the node itself: for eyes, which see them a commit sooner.
/// What goes on to another program is not for it, as that may live on when this process is killed: it would have a message that is not here.
/// </param>
public sealed record FaceOptions(
    string Kind,
    Ownership Ownership = Ownership.WhenFree,
    bool WithEvents = true,
    bool SeesAhead = false
);
