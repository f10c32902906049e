namespace PeerChat.Node;

/// <summary>Whether a face may run the node itself.</summary>
public enum Ownership
{
    /// <summary>Where no process runs it: the face's own process does, also when the one that did has ended.</summary>
    WhenFree,

    /// <summary>Never: a process that runs it must be there.</summary>
    Never,

    /// <summary>Always: a process that runs it is asked to hand it over, and attaches itself.</summary>
    TakeOver,
}
