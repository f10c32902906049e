namespace PeerChat.Rooms.Signalling;

/// <summary>A service at which somebody can be met.</summary>
/// <param name="Rung"><see cref="Rung.PeerServer"/> or <see cref="Rung.Tracker"/>.</param>
/// <param name="Url">Where it is.</param>
public sealed record ServiceHint(Rung Rung, string Url);
