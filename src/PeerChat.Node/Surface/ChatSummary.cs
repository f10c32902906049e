namespace PeerChat.Node;

/// <summary>A chat as a face lists it.</summary>
/// <param name="Chat">Its name on the surface: <c>@ID</c> of a person, <c>#name</c> of an open room, <c>+ID</c> of a private room, <c>?name</c> of somebody not met yet, <c>%ID</c> of a guest.</param>
/// <param name="Title">What to show: the contact's or the room's name.</param>
/// <param name="Kind">Direct chat, open room, private room or guest.</param>
/// <param name="Connection">Where the connection stands.</param>
/// <param name="Detail">How it is connected or what is being tried, as a sentence.</param>
/// <param name="Members">The people, with who is reachable now.</param>
/// <param name="Queued">One's own messages that nobody else has yet.</param>
/// <param name="Draft">What stood in the input line when it was last saved.</param>
/// <param name="InputHistory">Lines entered before, oldest first.</param>
public sealed record ChatSummary(
    string Chat,
    string Title,
    ChatKind Kind,
    ConnectionState Connection,
    string Detail,
    ChatMember[] Members,
    int Queued,
    string Draft,
    string[] InputHistory
);
