namespace PeerChat.Rooms.Log;

/// <summary>What an entry is (crypto.md section 3); numbers not named here are kept and forwarded.</summary>
internal enum EntryKind : byte
{
    /// <summary>Text and all else that is sealed.</summary>
    Content = 0,

    /// <summary>The first entry of a private room.</summary>
    Genesis = 1,

    /// <summary>The first entry of an author.</summary>
    Join = 2,

    /// <summary>Admits an author.</summary>
    Add = 3,

    /// <summary>Makes a member an admin.</summary>
    Promote = 4,

    /// <summary>Takes the admin role away.</summary>
    Demote = 5,

    /// <summary>Removes an author.</summary>
    Remove = 6,

    /// <summary>A new epoch secret, wrapped to each member.</summary>
    Epoch = 7,

    /// <summary>An epoch secret for one member who lacks it.</summary>
    Wrap = 8,

    /// <summary>A new leaf key of the author.</summary>
    Key = 9,

    /// <summary>Asks all to delete one entry's payload.</summary>
    Recall = 10,

    /// <summary>Changes the room's rules.</summary>
    Policy = 11,

    /// <summary>The author's last entry that counts.</summary>
    Leave = 12,
}
