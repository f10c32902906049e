using System.Text;

namespace PeerChat.Rooms.Crypto;

/// <summary>Domain separation: every hash, signature and derived key begins with a label of its own (crypto.md section 0).</summary>
public static class Label
{
    /// <summary>The bytes L(x) = ASCII "peerchat/1 " + x, then one zero byte.</summary>
    public static byte[] Of(string use) => [.. Encoding.ASCII.GetBytes("peerchat/1 " + use), 0];
}
