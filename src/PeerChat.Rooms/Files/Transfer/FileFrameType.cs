namespace PeerChat.Rooms.Files.Transfer;

/// <summary>The first byte of a frame on the channel "file".</summary>
internal enum FileFrameType
{
    /// <summary>See <see cref="FileFrame.Open"/>.</summary>
    Open = 1,

    /// <summary>See <see cref="FileFrame.Status"/>.</summary>
    Status = 2,

    /// <summary>See <see cref="FileFrame.Ask"/>.</summary>
    Ask = 3,

    /// <summary>See <see cref="FileFrame.Held"/>.</summary>
    Held = 4,

    /// <summary>See <see cref="FileFrame.Want"/>.</summary>
    Want = 5,

    /// <summary>See <see cref="FileFrame.Cancel"/>.</summary>
    Cancel = 6,

    /// <summary>See <see cref="FileFrame.Piece"/>.</summary>
    Piece = 7,

    /// <summary>See <see cref="FileFrame.Missing"/>.</summary>
    Missing = 8,
}
