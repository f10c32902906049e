using System.Collections.Immutable;
using System.Globalization;

namespace PeerChat.Tui.Commands.Table;

/// <summary>Parameters that many commands take.</summary>
internal static class SharedParameters
{
    /// <summary>Your name.</summary>
    public static readonly Parameter User = new(
        "--user",
        ParameterKind.User,
        "Your name; the last one used when left out. First use makes its key pair."
    )
    {
        Short = "-u",
        IsShared = true,
    };

    /// <summary>The profile's folder.</summary>
    public static readonly Parameter ProfileFolder = new(
        "--profile",
        ParameterKind.Folder,
        "The folder of the profile, instead of the platform's place."
    )
    {
        IsShared = true,
    };

    /// <summary>What opens protected keys.</summary>
    public static readonly Parameter PassphraseFile = new(
        "--passphrase-file",
        ParameterKind.File,
        "A file whose first line is the passphrase of your keys ('-' for standard input); asked on the terminal when left out."
    )
    {
        IsShared = true,
    };

    /// <summary>The network interfaces to use.</summary>
    public static readonly Parameter Interface = new(
        "--interface",
        ParameterKind.Interface,
        "Use only this network interface (repeatable; 'loopback' fits every system)."
    )
    {
        IsRepeatable = true,
        IsShared = true,
        NeedsRestart = true,
        OwnVariable = "PEERCHAT_INTERFACES",
    };

    /// <summary>The UDP port to use.</summary>
    public static readonly Parameter Port = new(
        "--port",
        ParameterKind.Number,
        "The UDP port to use; when left out, 27717 or any free one."
    )
    {
        IsShared = true,
        NeedsRestart = true,
        Maximum = ushort.MaxValue,
    };

    /// <summary>STUN servers.</summary>
    public static readonly Parameter Stun = new(
        "--stun",
        ParameterKind.StunServer,
        "Ask this STUN server how others see this machine (repeatable). None is asked unless you name one."
    )
    {
        IsRepeatable = true,
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>TURN servers.</summary>
    public static readonly Parameter Turn = new(
        "--turn",
        ParameterKind.TurnServer,
        "Be reachable through this TURN server, turn:USER:PASSWORD@HOST[:PORT][?transport=tcp] or turns: for TLS (repeatable). Other users "
            + "of this machine can read command lines; a configuration file or PEERCHAT_TURN is for you alone."
    )
    {
        IsRepeatable = true,
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>Where credentials for TURN servers come from.</summary>
    public static readonly Parameter TurnCommand = new(
        "--turn-command",
        ParameterKind.Text,
        "What the shell runs to get a user name and password for a TURN server that is named without, turn:HOST: it prints a line with each, "
            + "and one with the seconds they last if it knows; or JSON with username, credential and ttl. It runs again before they end."
    )
    {
        IsShared = true,
        NeedsRestart = true,
        Placeholder = "COMMAND",
    };

    /// <summary>Whose certificates TURN servers may have.</summary>
    public static readonly Parameter TurnAuthority = new(
        "--turn-ca",
        ParameterKind.File,
        "A file of certificates (PEM) that the certificate of a turns: or wss: server has to come from, instead of the system's."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>No address of this machine for anybody.</summary>
    public static readonly Parameter RelayOnly = new(
        "--relay-only",
        ParameterKind.Flag,
        "Give nobody an address of this machine, and contact nobody but the servers that you name; the local network is not used."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>The ways of finding peers.</summary>
    public static readonly Parameter Rungs = new(
        "--rungs",
        ParameterKind.Rungs,
        "The ways of finding people, with commas between: lan, known, introduction, peerserver, tracker; all when left out."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>PeerServers.</summary>
    public static readonly Parameter PeerServer = new(
        "--peerserver",
        ParameterKind.PeerServer,
        "Meet through this server of the PeerJS protocol (repeatable), or 'public' for that of the PeerJS project. None is used unless you "
            + "name one."
    )
    {
        IsRepeatable = true,
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>Trackers.</summary>
    public static readonly Parameter Tracker = new(
        "--tracker",
        ParameterKind.Tracker,
        "Meet through this WebTorrent tracker (repeatable), or 'public' for those that strangers run. None is used unless you name one."
    )
    {
        IsRepeatable = true,
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>Nothing beyond the link.</summary>
    public static readonly Parameter Lan = new(
        "--lan",
        ParameterKind.Flag,
        "Send nothing beyond the local network, whatever else is named."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>Names beyond the link.</summary>
    public static readonly Parameter Public = new(
        "--public",
        ParameterKind.Flag,
        "Look for names and open rooms beyond the local network too. Anyone may claim a name there, and whoever does will see your address."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>Stock PeerJS pages as guests.</summary>
    public static readonly Parameter AllowGuests = new(
        "--allow-guests",
        ParameterKind.Flag,
        "Let people with a PeerJS page chat with you by your name, at each --peerserver. Nobody proves who they are, and whoever runs the server could read along."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>Names instead of the machine's own addresses.</summary>
    public static readonly Parameter HideAddresses = new(
        "--hide-addresses",
        ParameterKind.Flag,
        "Give the addresses of this machine only to who is on the same network; others get names that mean nothing to them, and the addresses that STUN and TURN servers see."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>Nothing passed on for others.</summary>
    public static readonly Parameter NoRelaying = new(
        "--no-relaying",
        ParameterKind.Flag,
        "Pass nothing on for members of your rooms who do not reach each other; what is passed on is encrypted between those two."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>No port on the router.</summary>
    public static readonly Parameter NoPortMapping = new(
        "--no-port-mapping",
        ParameterKind.Flag,
        "Do not ask the router for a port by which others get in (PCP, NAT-PMP, UPnP)."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>What may leave for others' files.</summary>
    public static readonly Parameter UploadLimit = new(
        "--upload-limit",
        ParameterKind.Number,
        "Give blocks of files at so many KiB a second at most, all together; without a limit when left out."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>What may come for one's own.</summary>
    public static readonly Parameter DownloadLimit = new(
        "--download-limit",
        ParameterKind.Number,
        "Fetch files at so many KiB a second at most, all together; without a limit when left out."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>What blocks of files may take on the disk.</summary>
    public static readonly Parameter FileQuota = new(
        "--file-quota",
        ParameterKind.Number,
        "Keep at most so many MiB of files for others, where others have them too; 16,384 when left out."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>Which files come by themselves.</summary>
    public static readonly Parameter AutoFetch = new(
        "--auto-fetch",
        ParameterKind.Choice,
        "Which files come without being asked for, where no chat says otherwise: nothing, pictures of at most 1 MiB from pinned contacts (when left out), or all of at most 64 MiB."
    )
    {
        IsShared = true,
        NeedsRestart = true,
        Choices = AutoFetchWords.All,
        Placeholder = string.Join('|', AutoFetchWords.All),
    };

    /// <summary>What others may make this machine keep of a room.</summary>
    public static readonly Parameter RoomQuota = new(
        "--room-quota",
        ParameterKind.Number,
        "Keep at most so many MiB of what others write in one room, half of it of one person; 8,192 when left out."
    )
    {
        IsShared = true,
        NeedsRestart = true,
    };

    /// <summary>The language of everything that is for people.</summary>
    public static readonly Parameter Language = new(
        "--lang",
        ParameterKind.Choice,
        "The language of all that is for people; the locale's (LC_ALL, LC_MESSAGES, LANG) when left out."
    )
    {
        IsShared = true,
        Choices = [.. Languages.Language.All.Select(one => one.Tag)],
        Placeholder = string.Join('|', Languages.Language.All.Select(one => one.Tag)),
    };

    /// <summary>What chooses the profile, the network and the language; every command that needs them takes all.</summary>
    public static readonly IReadOnlyList<Parameter> Profile =
    [
        User,
        ProfileFolder,
        PassphraseFile,
        Interface,
        Port,
        Stun,
        Turn,
        TurnCommand,
        TurnAuthority,
        RelayOnly,
        HideAddresses,
        NoPortMapping,
        NoRelaying,
        UploadLimit,
        DownloadLimit,
        FileQuota,
        RoomQuota,
        AutoFetch,
        Lan,
        Rungs,
        PeerServer,
        Tracker,
        Public,
        AllowGuests,
        Language,
    ];

    /// <summary>Output for programs.</summary>
    public static readonly Parameter Json = new(
        "--json",
        ParameterKind.Flag,
        "One JSON object a line, as docs/SCRIPTING.md describes."
    )
    {
        FallbackKey = "json",
    };

    /// <summary>Line mode.</summary>
    public static readonly Parameter Plain = new(
        "--plain",
        ParameterKind.Flag,
        "Line mode, for screen readers, dumb terminals and logs."
    )
    {
        IsShared = true,
    };

    /// <summary>The colours of the screen.</summary>
    public static readonly Parameter Theme = new(
        "--theme",
        ParameterKind.Choice,
        "Colours of the screen: your terminal's own sixteen, inks for a dark or a light ground, or none."
    )
    {
        IsShared = true,
        Default = Model.Theme.User.Name,
        Choices = [.. Model.Theme.All.Select(theme => theme.Name)],
        Placeholder = string.Join('|', Model.Theme.All.Select(theme => theme.Name)),
    };

    /// <summary>The mouse.</summary>
    public static readonly Parameter Mouse = new(
        "--mouse",
        ParameterKind.Flag,
        "Use the mouse: the wheel scrolls, a click opens a chat or selects a message. The terminal's own selection then needs Shift."
    )
    {
        IsShared = true,
    };

    /// <summary>What <see cref="Notify"/> may be, in the order of <see cref="Model.NotifyAbout"/>.</summary>
    public static readonly ImmutableArray<string> NotifyChoices = ["off", "highlight", "all"];

    /// <summary>Of what the bell and the desktop tell.</summary>
    public static readonly Parameter Notify = new(
        "--notify",
        ParameterKind.Choice,
        "Of what the bell and the desktop tell: nothing, direct messages and those that name you, or all."
    )
    {
        IsShared = true,
        Default = "highlight",
        Choices = [.. NotifyChoices],
        Placeholder = string.Join('|', NotifyChoices),
    };

    /// <summary>What every command takes that shows a chat.</summary>
    public static readonly IReadOnlyList<Parameter> Screen = [Plain, Theme, Mouse, Notify];

    /// <summary>An address to dial.</summary>
    public static readonly Parameter Address = new(
        "--peer",
        ParameterKind.Address,
        "Dial this address, beside looking on the local network."
    );

    /// <summary>Requests to accept by name or id.</summary>
    public static readonly Parameter Accept = new(
        "--accept",
        ParameterKind.Peer,
        "Accept a first-contact request from this name or full id (repeatable)."
    )
    {
        IsRepeatable = true,
    };

    /// <summary>Requests to accept from anybody.</summary>
    public static readonly Parameter AcceptAny = new(
        "--accept-any",
        ParameterKind.Flag,
        "Accept first-contact requests from anybody."
    );

    /// <summary>How long to try.</summary>
    public static Parameter Timeout(string help, TimeSpan? usual) =>
        new("--timeout", ParameterKind.Time, help)
        {
            Default = usual is { } time
                ? time.TotalSeconds.ToString(CultureInfo.InvariantCulture) + "s"
                : null,
            // A limit for all commands that try must not end those that are meant to run on
            FallbackKey = usual is null ? null : "timeout",
        };
}
