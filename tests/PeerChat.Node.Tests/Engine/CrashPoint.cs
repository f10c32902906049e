namespace PeerChat.Node.Tests.Engine;

/// <summary>Where in a turn a simulated node is killed.</summary>
internal enum CrashPoint
{
    /// <summary>Input was handled, nothing is committed.</summary>
    BeforeCommit,

    /// <summary>Committed, but no datagram has left.</summary>
    BeforeSending,

    /// <summary>Between two turns.</summary>
    AfterTurn,
}
