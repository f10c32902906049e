namespace PeerChat.Rendezvous.Services;

/// <summary>A tag to listen at.</summary>
/// <param name="Tag">40 hexadecimal digits.</param>
/// <param name="Token">What proves to a PeerServer that the tag is still held by the same; the same after a restart.</param>
/// <param name="IsDoor">
/// Whether several listen at the same tag, as the members of a room do. Where only one can, whoever comes second is told that
/// somebody is there.
/// </param>
public sealed record ServiceMeeting(string Tag, string Token, bool IsDoor);
