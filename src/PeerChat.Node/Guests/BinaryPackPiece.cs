namespace PeerChat.Node.Guests;

/// <summary>A piece of a message that is too long for one.</summary>
/// <param name="Id">Which message.</param>
/// <param name="Index">Which piece, from 0.</param>
/// <param name="Total">Of how many.</param>
/// <param name="Data">Its bytes.</param>
internal readonly record struct BinaryPackPiece(long Id, long Index, long Total, byte[] Data);
