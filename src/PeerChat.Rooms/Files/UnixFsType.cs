namespace PeerChat.Rooms.Files;

/// <summary>What a UnixFS node is (field 1 of its data).</summary>
internal enum UnixFsType
{
    /// <summary>Bytes of a file, as older programs wrote its leaves.</summary>
    Raw = 0,

    /// <summary>A folder in one node.</summary>
    Directory = 1,

    /// <summary>A file or a part of one.</summary>
    File = 2,

    /// <summary>A symbolic link.</summary>
    Symlink = 4,

    /// <summary>A part of a folder that is spread over many nodes.</summary>
    HamtShard = 5,
}
