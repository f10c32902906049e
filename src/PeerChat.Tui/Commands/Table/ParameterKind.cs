namespace PeerChat.Tui.Commands.Table;

/// <summary>What a parameter's value is: how it is checked, shown in help and completed.</summary>
internal enum ParameterKind
{
    /// <summary>Yes or no; given alone it is yes.</summary>
    Flag,

    /// <summary>Any text.</summary>
    Text,

    /// <summary>A whole number between two limits.</summary>
    Number,

    /// <summary>A duration, as <see cref="Timeouts"/> reads it.</summary>
    Time,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>A person: a name or a full id; completed from the contacts.</summary>
    Peer,

    /// <summary>An open room's name; completed from the rooms.</summary>
    Room,

    /// <summary>One of one's own names; completed from the profiles.</summary>
    User,

    /// <summary>A network interface; completed from those of this machine.</summary>
    Interface,

    /// <summary>HOST or HOST:PORT.</summary>
    Address,

    /// <summary>A STUN server.</summary>
    StunServer,

    /// <summary>A TURN server, with user name and password.</summary>
    TurnServer,

    /// <summary>A list of rungs.</summary>
    Rungs,

    /// <summary>A PeerServer.</summary>
    PeerServer,

    /// <summary>A WebTorrent tracker.</summary>
    Tracker,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A file or a folder.</summary>
    File,

    /// <summary>A regular expression.</summary>
    Pattern,
}
