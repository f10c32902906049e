namespace PeerChat.Rooms.Sync;

/// <summary>In what pieces missing entries are asked for. Others than the usual ones are for simulations, whose histories are short.</summary>
/// <param name="LongHistory">Missing entries from which on they are asked for from their end.</param>
/// <param name="Page">Entries of the page that is asked for ahead of all.</param>
/// <param name="Lone">Entries asked of one link at once where nobody else has them.</param>
/// <param name="Shared">Entries asked of one link at once where several have them.</param>
internal sealed record PartSizes(ulong LongHistory, ulong Page, ulong Lone, ulong Shared)
{
    /// <summary>The sizes of docs/PROTOCOL.md section 16.</summary>
    public static PartSizes Usual { get; } =
        new(Replication.LongHistory, Replication.PageEntries, Replication.LonePart, Replication.SharedPart);
}
