namespace PeerChat.Node.Files;

/// <summary>Why something with a file did not work.</summary>
public enum FileFailure
{
    /// <summary>There is nothing at the path.</summary>
    NotFound,

    /// <summary>It may not be read, or reading failed.</summary>
    Unreadable,

    /// <summary>It may not be written, or writing failed.</summary>
    Unwritable,

    /// <summary>There is no room left on the disk.</summary>
    DiskFull,

    /// <summary>Something of that name is there already.</summary>
    Exists,

    /// <summary>The gateway or node that was named does not answer, or not as it should.</summary>
    Unreachable,

    /// <summary>It changed while it was read.</summary>
    Changed,

    /// <summary>What was to be read is not what it should be; nothing of it was put in place.</summary>
    Damaged,
}
