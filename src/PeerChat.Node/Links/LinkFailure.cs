namespace PeerChat.Node.Links;

/// <summary>Why a link ended.</summary>
internal enum LinkFailure
{
    /// <summary>This side closed it.</summary>
    Local,

    /// <summary>The other side closed it or vanished.</summary>
    Remote,

    /// <summary>No connection came about.</summary>
    Unreachable,

    /// <summary>A path was found, but the keys could not be agreed on; from here it looks the same whether by attack or by accident.</summary>
    NotSecured,

    /// <summary>The connection or the hello did not prove what it had to.</summary>
    Insecure,

    /// <summary>The other side broke the protocol after it had proven who it is.</summary>
    Misbehaved,

    /// <summary>The other side proved this node's own identity: a copy of the profile.</summary>
    OwnCopy,

    /// <summary>The other side declined.</summary>
    Declined,
}
