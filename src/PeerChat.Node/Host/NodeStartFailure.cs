namespace PeerChat.Node;

/// <summary>Why a node could not start.</summary>
public enum NodeStartFailure
{
    /// <summary>A name, a folder, an interface or a port that cannot be used (exit code 2).</summary>
    Usage,

    /// <summary>The profile could not be read or written (exit code 5).</summary>
    Storage,

    /// <summary>The keys are protected by a passphrase that is missing or wrong (exit code 8).</summary>
    Locked,

    /// <summary>Another process has the profile open (exit code 5).</summary>
    InUse,

    /// <summary>No process runs the node, and the face may not (exit code 7).</summary>
    NotRunning,
}
