namespace PeerChat.Node.Control;

/// <summary>What a client may say first.</summary>
/// <param name="Protocol">The version of the protocol that it speaks.</param>
/// <param name="Kind">What it calls itself, for <c>status</c>: 1 to 64 characters.</param>
internal sealed record HelloParams(int Protocol, string? Kind = null);

/// <summary>What it is told.</summary>
/// <param name="Protocol">The version of the protocol.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Run">This run of the node.</param>
/// <param name="Name">One's own name.</param>
/// <param name="PeerId">One's own full id.</param>
/// <param name="ProcessId">The process that runs the node.</param>
/// <param name="Interfaces">The only interfaces that the node was told to use; empty for all.</param>
internal sealed record HelloResult(
    int Protocol,
    string Version,
    string Run,
    string Name,
    string PeerId,
    int ProcessId,
    string[] Interfaces
);

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

/// <summary>Where the events begin.</summary>
/// <param name="Run">This run of the node.</param>
/// <param name="After">The number of the event before the first one that follows.</param>
/// <param name="Resumed">Whether nothing was missed.</param>
/// <param name="Arrival">The greatest arrival of a message in the profile at this moment; later ones have greater ones.</param>
internal sealed record SubscribeResult(string Run, long After, bool Resumed, long Arrival);

/// <summary>Who wants the profile.</summary>
/// <param name="ProcessId">The process.</param>
internal sealed record HandOverParams(int ProcessId);

/// <summary>A request with no parameters.</summary>
internal sealed record NoParams;
