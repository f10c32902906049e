namespace PeerChat.Tui.Commands.Table;

/// <summary>Under which heading a command is listed.</summary>
internal enum CommandGroup
{
    /// <summary>Opening and moving between chats.</summary>
    Chatting,

    /// <summary>Sending, reading and waiting, from scripts too.</summary>
    Messages,

    /// <summary>Who is known, who asks.</summary>
    People,

    /// <summary>Private rooms.</summary>
    Rooms,

    /// <summary>The process that runs the node, and its faces.</summary>
    Running,

    /// <summary>Help and setting up.</summary>
    Help,
}
