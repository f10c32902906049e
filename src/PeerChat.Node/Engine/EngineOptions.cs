using PeerChat.Node.Files;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.WebRtc;

namespace PeerChat.Node.Engine;

/// <summary>What the engine is made with.</summary>
internal sealed record EngineOptions
{
    /// <summary>One's own identity.</summary>
    public required OwnIdentity Self { get; init; }

    /// <summary>One's own name.</summary>
    public required DisplayName Name { get; init; }

    /// <summary>Makes author and leaf keys.</summary>
    public required IKeySource Keys { get; init; }

    /// <summary>Where randomness comes from.</summary>
    public required IEntropy Entropy { get; init; }

    /// <summary>Where the sealed blocks of files are kept.</summary>
    public required BlockStore Blocks { get; init; }

    /// <summary>Where files go that the user named no folder for.</summary>
    public string Downloads { get; init; } = "";

    /// <summary>Limits on what files take.</summary>
    public TransferOptions Transfers { get; init; } = new();

    /// <summary>What others may make this machine keep of one room.</summary>
    public RoomQuota RoomQuota { get; init; } = new();

    /// <summary>Whether the name stands in the announcement; null asks the user first.</summary>
    public required bool? AnnounceName { get; init; }

    /// <summary>Accept first-contact requests from anybody without asking; for scripts.</summary>
    public bool AcceptAny { get; init; }

    /// <summary>Let people with a stock PeerJS page chat, through the PeerServers that are named.</summary>
    public bool AllowsGuests { get; init; }

    /// <summary>Accept first-contact requests from these names or full ids without asking.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The program's version, for the status.</summary>
    public string Version { get; init; } = "";

    /// <summary>The process, for the status.</summary>
    public int ProcessId { get; init; }

    /// <summary>Who is attached, for the status.</summary>
    public Func<IReadOnlyList<FaceSummary>> Faces { get; init; } = () => [];

    /// <summary>The STUN and TURN servers to use.</summary>
    public IReadOnlyList<IceServer> Servers { get; init; } = [];

    /// <summary>Which ways of finding peers are used.</summary>
    public LadderOptions Ladder { get; init; } = new();

    /// <summary>Pass datagrams on for members who do not reach each other.</summary>
    public bool RelaysForMembers { get; init; } = true;

    /// <summary>Ask the gateways of this machine's networks for ports.</summary>
    public bool MapsPorts { get; init; }

    /// <summary>Give nobody an address of this machine, and contact nobody but TURN servers.</summary>
    public bool RelayOnly { get; init; }

    /// <summary>Whether who is not on one network with this machine gets names instead of its addresses.</summary>
    public bool HideAddresses { get; init; }

    /// <summary>Let waiting text go to a key that was just met without asking; for scripts, which named whom they mean.</summary>
    public bool ReleaseOutboxUnasked { get; init; }
}
