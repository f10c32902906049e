using PeerChat.Node.Profiles;

namespace PeerChat.Node;

/// <summary>What a node is started with.</summary>
public sealed record NodeOptions
{
    /// <summary>The name to use; null takes the last one used.</summary>
    public string? User { get; init; }

    /// <summary>The profile's folder; null takes the platform's place.</summary>
    public string? ProfileDirectory { get; init; }

    /// <summary>What opens the keys where a passphrase protects them; null where nobody can be asked.</summary>
    public IPassphrase? Passphrase { get; init; }

    /// <summary>
    /// The keys, where they were opened before the start (<see cref="ProfileKeys.Unlock"/>): nobody is asked twice, also when this process
    /// takes the profile over later and the passphrase has changed; the keys themselves have not.
    /// </summary>
    internal Storage.Keystore? Keys { get; init; }

    /// <summary>Only these interfaces are used for sockets, candidates and multicast; empty means all.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>The UDP port; null tries the default one and takes any other when it is taken.</summary>
    public int? Port { get; init; }

    /// <summary>STUN servers, as HOST[:PORT].</summary>
    public IReadOnlyList<string> Stun { get; init; } = [];

    /// <summary>TURN servers, as <c>turn:USER:PASSWORD@HOST</c>, or <c>turn:HOST</c> where <see cref="TurnCommand"/> prints the rest.</summary>
    public IReadOnlyList<string> Turn { get; init; } = [];

    /// <summary>What the shell runs to get a user name and password for those that were named without; null where all have theirs.</summary>
    public string? TurnCommand { get; init; }

    /// <summary>A file of certificates in PEM that a server's certificate may come from, instead of the system's; null for those.</summary>
    public string? TurnAuthority { get; init; }

    /// <summary>Give nobody an address of this machine, and contact nobody but TURN servers.</summary>
    public bool RelayOnly { get; init; }

    /// <summary>Pass sealed packets on for members of one's rooms who do not reach each other.</summary>
    public bool RelaysForMembers { get; init; } = true;

    /// <summary>Ask the routers of this machine's networks for a port (PCP, NAT-PMP, UPnP).</summary>
    public bool MapsPorts { get; init; } = true;

    /// <summary>Whether who is not on one network with this machine gets names instead of its addresses.</summary>
    public bool HideAddresses { get; init; }

    /// <summary>The ways of finding peers, with commas between; null for all.</summary>
    public string? Rungs { get; init; }

    /// <summary>PeerServers, as <c>wss://HOST[:PORT]/</c>, or <c>public</c>.</summary>
    public IReadOnlyList<string> PeerServers { get; init; } = [];

    /// <summary>WebTorrent trackers, as <c>wss://HOST[:PORT]/</c>, or <c>public</c>.</summary>
    public IReadOnlyList<string> Trackers { get; init; } = [];

    /// <summary>Whether nothing is sent beyond the local network.</summary>
    public bool LanOnly { get; init; }

    /// <summary>Whether names and open rooms, which anybody can guess, are looked for beyond the local network.</summary>
    public bool LooksBeyondTheLan { get; init; }

    /// <summary>Let people with a stock PeerJS page chat, through the PeerServers that are named.</summary>
    public bool AllowsGuests { get; init; }

    /// <summary>
    /// Whether a node that runs already on other interfaces is refused, because the user asked for these just now; otherwise
    /// <see cref="OnDifference"/> is told.
    /// </summary>
    public bool InsistsOnInterfaces { get; init; } = true;

    /// <summary>The same for the port.</summary>
    public bool InsistsOnPort { get; init; } = true;

    /// <summary>Takes a sentence for the user where a node that runs already is not as the environment or the configuration says.</summary>
    public Action<string>? OnDifference { get; init; }

    /// <summary>Whether the name is announced on the network.</summary>
    public AnnouncePolicy Announce { get; init; } = AnnouncePolicy.AsConfigured;

    /// <summary>Accept first-contact requests from anybody without asking.</summary>
    public bool AcceptAny { get; init; }

    /// <summary>Accept first-contact requests from these names or full ids without asking.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>What files may take of network and disk.</summary>
    public TransferOptions Transfers { get; init; } = new();

    /// <summary>Bytes that others may make this machine keep of one room where nobody says otherwise.</summary>
    public const long DefaultRoomQuota = Rooms.RoomQuota.DefaultRoomBytes;

    /// <summary>Bytes that others may make this machine keep of one room.</summary>
    public long RoomQuota { get; init; } = DefaultRoomQuota;

    /// <summary>Let waiting text go to a key that was just met without asking.</summary>
    public bool ReleaseOutboxUnasked { get; init; }

    /// <summary>
    /// Makes the keys that the configuration file may hold, so that what it has wrong becomes notices; called where there is a file, as making
    /// them all takes a while. Null where somebody else says what it has wrong.
    /// </summary>
    public Func<ConfigKeyList>? ConfigKeys { get; init; }
}
