namespace PeerChat.Node.Control;

/// <summary>What lies at a path.</summary>
internal enum UnixPathKind
{
    /// <summary>Nothing, or nothing that may be looked at.</summary>
    None,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A symbolic link, wherever it leads.</summary>
    Link,

    /// <summary>A device or a pipe.</summary>
    Other,
}
