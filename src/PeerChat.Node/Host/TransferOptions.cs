namespace PeerChat.Node;

/// <summary>What files may take of network and disk.</summary>
public sealed record TransferOptions
{
    /// <summary>Bytes of blocks kept where nobody says otherwise: 16 GiB.</summary>
    public const long DefaultQuota = 16L * 1024 * 1024 * 1024;

    /// <summary>Bytes a second given to others, all together; 0 for no limit.</summary>
    public long UploadLimit { get; init; }

    /// <summary>Bytes a second fetched from others, all together; 0 for no limit.</summary>
    public long DownloadLimit { get; init; }

    /// <summary>Which files come without being asked for, where neither the user nor a chat decided it in the program.</summary>
    public AutoFetch AutoFetch { get; init; } = AutoFetch.Pictures;

    /// <summary>Bytes of blocks kept for others. What others have, or lies in its place here too, goes first; what only this profile has never goes by itself.</summary>
    public long Quota { get; init; } = DefaultQuota;
}
