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

    /// <summary>The connection or the hello did not prove what it had to.</summary>
    Insecure,

    /// <summary>The other side declined.</summary>
    Declined,
}
