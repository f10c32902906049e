namespace PeerChat.Node.Control;

/// <summary>What a client may say first.</summary>
/// <param name="Protocol">The version of the protocol that it speaks.</param>
/// <param name="Kind">What it calls itself, for <c>status</c>: 1 to 64 characters.</param>
internal sealed record HelloParams(int Protocol, string? Kind = null);
