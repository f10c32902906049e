namespace PeerChat.Rooms;

/// <summary>What has become of an entry's payload; the numbers are kept on disk.</summary>
public enum PayloadState
{
    /// <summary>It is here, or there never was one.</summary>
    Held = 0,

    /// <summary>It is here, but no key here has opened it yet.</summary>
    Unopened = 1,

    /// <summary>The header came without it; whoever has it is asked.</summary>
    Missing = 2,

    /// <summary>It was here and was recalled.</summary>
    Recalled = 3,

    /// <summary>Deleted, and nothing shows in its place: recalled before it came here, or it was about something recalled.</summary>
    Traceless = 4,

    /// <summary>It was deleted because the room keeps nothing that old.</summary>
    Expired = 5,
}
