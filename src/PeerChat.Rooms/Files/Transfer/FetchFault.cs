namespace PeerChat.Rooms.Files.Transfer;

/// <summary>Why an announced file cannot be fetched at all.</summary>
public enum FetchFault
{
    /// <summary>It has more blocks or bytes than it was announced with.</summary>
    TooMuch,

    /// <summary>It is nested deeper than any file or folder is.</summary>
    TooDeep,
}
