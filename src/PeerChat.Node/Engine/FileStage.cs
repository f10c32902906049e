namespace PeerChat.Node.Engine;

/// <summary>Where a file stands, as it is stored; numbers are never given to another stage.</summary>
internal enum FileStage
{
    /// <summary>One's own: it is read from its path, at the next start again.</summary>
    Preparing = 1,

    /// <summary>All blocks are here.</summary>
    Held = 2,

    /// <summary>It is fetched, from whoever has it.</summary>
    Wanted = 3,

    /// <summary>All blocks are here, and it is being put in place.</summary>
    Placing = 4,

    /// <summary>It lies in its place; its blocks may be here, too.</summary>
    Placed = 5,
}
