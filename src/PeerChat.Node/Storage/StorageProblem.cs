namespace PeerChat.Node.Storage;

/// <summary>Why a profile, its keys or its history cannot be used.</summary>
public enum StorageProblem
{
    /// <summary>The history was written by a newer PeerChat.</summary>
    NewerSchema,

    /// <summary>The history was written by an older PeerChat and may not be brought up to date while it is only read.</summary>
    OlderSchema,

    /// <summary>The history is damaged or is no history at all.</summary>
    Corrupt,

    /// <summary>The file or its folder may not be written.</summary>
    ReadOnly,

    /// <summary>There is no room left on the disk.</summary>
    DiskFull,

    /// <summary>Another program holds the file.</summary>
    Locked,

    /// <summary>The folder lies on a network file system, where the history could be damaged.</summary>
    NetworkFolder,

    /// <summary>Another PeerChat runs on the profile.</summary>
    ProfileInUse,

    /// <summary>There is no profile in the folder.</summary>
    NoProfile,

    /// <summary>There is a history, but the keys it was written under are gone.</summary>
    KeysMissing,

    /// <summary>The key file is damaged.</summary>
    KeysDamaged,

    /// <summary>The key file was written by a newer PeerChat.</summary>
    KeysNewer,

    /// <summary>The history was written under other keys than those beside it.</summary>
    KeysOfAnother,

    /// <summary>The keys are protected by a passphrase, and none was given.</summary>
    PassphraseNeeded,

    /// <summary>The passphrase is not the one the keys are protected by.</summary>
    PassphraseWrong,

    /// <summary>Something else; the message says what.</summary>
    Other,
}
