namespace PeerChat.Rooms.Hello;

/// <summary>Why two peers are connected; both know it from the signalling (crypto.md section 2).</summary>
public enum HelloContext
{
    /// <summary>A contact: the knock key comes from K_pair.</summary>
    Contact = 0,

    /// <summary>Members of a private room: the knock key comes from r.</summary>
    Room = 1,

    /// <summary>An invitation: the knock key comes from K_inv; the inviter identifies first.</summary>
    Invitation = 2,

    /// <summary>An open room: the knock key comes from the r that everybody can derive from the name.</summary>
    OpenRoom = 3,

    /// <summary>A stranger: no common secret; the dialler identifies first, the acceptor when the user agrees.</summary>
    Stranger = 4,
}
