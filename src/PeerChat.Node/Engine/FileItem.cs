using PeerChat.Node.Files;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Files.Transfer;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Engine;

/// <summary>A file that is sent, fetched or kept: what the table holds, and what goes on at the moment.</summary>
internal sealed class FileItem
{
    /// <summary>Its number in the table; 0 before it is there.</summary>
    public long Number { get; set; }

    /// <summary>The chat.</summary>
    public required string Chat { get; set; }

    /// <summary>The entry that announces it; null before there is one.</summary>
    public EntryId? Entry { get; set; }

    /// <summary>The number of the announcement that waits for a key; 0 for none.</summary>
    public long Outbox { get; set; }

    /// <summary>The announcement; null while it is prepared.</summary>
    public FileAnnouncement? File { get; set; }

    /// <summary>Where it stands.</summary>
    public FileStage Stage { get; set; }

    /// <summary>Whether oneself announced it.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Whether nobody asked for it: a picture of a contact.</summary>
    public bool IsAutomatic { get; set; }

    /// <summary>Where one's own lies.</summary>
    public string Source { get; init; } = "";

    /// <summary>Whether hidden entries are sent too.</summary>
    public bool WithHidden { get; init; }

    /// <summary>Whether pictures keep what cameras write.</summary>
    public bool KeepMetadata { get; init; }

    /// <summary>Whether the source goes once it was read.</summary>
    public bool DeleteSource { get; init; }

    /// <summary>The reference of the command that sends it.</summary>
    public string? Reference { get; init; }

    /// <summary>What to call it, here or at the others; null for its own name.</summary>
    public string? Name { get; set; }

    /// <summary>The folder it is put into; null where it is only kept.</summary>
    public string? Folder { get; set; }

    /// <summary>Where it was put.</summary>
    public string? Path { get; set; }

    /// <summary>The people known to have all of it.</summary>
    public HashSet<PeerId> Holders { get; init; } = [];

    /// <summary>When somebody last asked for it or got it, on the wall.</summary>
    public WallTime Used { get; set; }

    /// <summary>What is fetched; null while nothing is.</summary>
    public FileFetch? Fetch { get; set; }

    /// <summary>Where blocks go while it is fetched.</summary>
    public BlockPack? Pack { get; set; }

    /// <summary>Where blocks are put in place as they come; null for nowhere.</summary>
    public PlacedAhead? Ahead { get; set; }

    /// <summary>The channels it is asked for on, by link.</summary>
    public Dictionary<int, ushort> Channels { get; } = [];

    /// <summary>Links that closed the channel, or gave nothing that could be used.</summary>
    public HashSet<int> Tried { get; } = [];

    /// <summary>Links that were given up because they gave nothing.</summary>
    public Dictionary<int, SilentHolder> Silent { get; } = [];

    /// <summary>People from whom nothing more of it is taken.</summary>
    public HashSet<PeerId> Banned { get; } = [];

    /// <summary>Ends what is done for it elsewhere.</summary>
    public CancellationTokenSource? Work { get; set; }

    /// <summary>Whether an earlier run may have put it in place.</summary>
    public bool WasPlacing { get; set; }

    /// <summary>Bytes of blocks given to others on channels that are closed.</summary>
    public long Given { get; set; }

    /// <summary>What went wrong last.</summary>
    public string? Problem { get; set; }

    /// <summary>How far the work elsewhere is.</summary>
    public FileProgress? Progress { get; set; }

    /// <summary>Whether faces have to be told of it.</summary>
    public bool IsDirty { get; set; }

    /// <summary>When they may be told next, where nothing but numbers changed.</summary>
    public Instant TellAt { get; set; }

    /// <summary>What they were told last.</summary>
    public FileSummary? Told { get; set; }

    /// <summary>What its pack is called.</summary>
    public string PackName => File!.Address.ToString();

    /// <summary>Its name in commands.</summary>
    public string Id => Entry?.ToString() ?? "file-" + Number;
}
