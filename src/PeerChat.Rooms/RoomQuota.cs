namespace PeerChat.Rooms;

/// <summary>What others may make this machine keep of one room. One's own messages are bounded by oneself.</summary>
public sealed record RoomQuota
{
    /// <summary>Bytes of headers and payloads of all others together where nobody says otherwise: 8 GiB, some 16 million short messages.</summary>
    public const long DefaultRoomBytes = 8L * 1024 * 1024 * 1024;

    /// <summary>
    /// Entries of one person: four times the greatest history that the budgets were measured with. An entry costs an index row beside its bytes.
    /// </summary>
    public const long DefaultPersonEntries = 4_000_000;

    /// <summary>
    /// Entries of one person that are taken in at once, and then at <see cref="PersonRate"/>: as many as a whole history that is fetched anew in
    /// seconds, so that catching up is not slowed.
    /// </summary>
    public const int DefaultPersonBurst = 131_072;

    /// <summary>Entries of one person a second, once the burst is used up: a hundred times what anybody types.</summary>
    public const int PersonRate = 100;

    /// <summary>Entries whose own clock is older than this count as history, which has no rate: it was written at another time.</summary>
    public static readonly TimeSpan HistoryAge = TimeSpan.FromDays(1);

    /// <summary>How long a person who was too fast is not asked for more: a thousand entries later.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>How long one of whom too much is here is not asked for more: something may have been deleted by then.</summary>
    public static readonly TimeSpan FullPause = TimeSpan.FromHours(1);

    /// <summary>Bytes of all others together.</summary>
    public long RoomBytes { get; init; } = DefaultRoomBytes;

    /// <summary>Bytes of one person: half of the room's, so that one cannot take it all.</summary>
    public long PersonBytes => RoomBytes / 2;

    /// <summary>Entries of one person.</summary>
    public long PersonEntries { get; init; } = DefaultPersonEntries;

    /// <summary>Entries of one person at once.</summary>
    public int PersonBurst { get; init; } = DefaultPersonBurst;
}
