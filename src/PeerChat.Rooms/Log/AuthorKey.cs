using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Log;

/// <summary>What an author's key does: it names the author and signs entries (crypto.md sections 1 and 3).</summary>
internal static class AuthorKey
{
    private const string EntryUse = "sign";

    /// <summary>author id = H(L("author") ‖ key).</summary>
    public static AuthorId IdOf(ReadOnlyMemory<byte> key) => new(Digest.Labelled("author", key));

    /// <summary>Sign(author key, "sign", id).</summary>
    public static byte[] SignEntry(ISigningKey key, EntryId id) => key.Sign(EntryUse, id.Value.ToArray());

    /// <summary>Whether the author signed the entry.</summary>
    public static bool VerifyEntry(ReadOnlySpan<byte> key, EntryId id, ReadOnlySpan<byte> signature) =>
        P256.Verify(key, EntryUse, id.Value.ToArray(), signature);
}
