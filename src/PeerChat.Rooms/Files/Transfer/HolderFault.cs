namespace PeerChat.Rooms.Files.Transfer;

/// <summary>Why nothing more is taken from a holder.</summary>
public enum HolderFault
{
    /// <summary>It gave a block that is another than the one asked for.</summary>
    WrongBlock,

    /// <summary>It broke the protocol.</summary>
    Misbehaved,

    /// <summary>It took wants and gave nothing, several times.</summary>
    Silent,
}
