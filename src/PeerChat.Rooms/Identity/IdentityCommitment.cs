using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Identity;

/// <summary>The commitment of a join entry to an identity that only members learn (crypto.md section 1).</summary>
public static class IdentityCommitment
{
    /// <summary>idCommit = H(L("idc") ‖ PeerId ‖ blind); the blind is 32 random bytes.</summary>
    public static Bytes32 Of(PeerId peerId, Bytes32 blind) =>
        Digest.Labelled("idc", peerId.Value.ToArray(), blind.ToArray());
}
