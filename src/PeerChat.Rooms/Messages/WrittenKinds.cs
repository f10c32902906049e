using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Messages;

/// <summary>Which entries that were written since the start show by themselves, so that they are not opened to be asked.</summary>
/// <remarks>
/// Asked when an entry is handed over and when it is confirmed, thousands of entries later where many are written at once, so that what
/// was opened last (<see cref="BodyOpener"/>) may be long gone.
/// </remarks>
internal sealed class WrittenKinds
{
    /// <summary>Entries that do not show by themselves and are remembered; then it begins anew. Some 100 KB.</summary>
    public const int MaxQuiet = 4096;

    private readonly HashSet<ulong> _quiet = [];
    private AuthorId _author;
    private ulong _from;
    private ulong _to;

    /// <summary>Takes note of the newest content entry of one's own log.</summary>
    public void Note(AuthorId author, ulong seq, bool shows)
    {
        if (author != _author || _quiet.Count == MaxQuiet)
        {
            (_author, _from) = (author, seq);
            _quiet.Clear();
        }

        _to = seq;
        if (!shows)
        {
            _quiet.Add(seq);
        }
    }

    /// <summary>Whether a content entry shows by itself; null where it is not known.</summary>
    public bool? Shows(AuthorId author, ulong seq) =>
        author == _author && seq >= _from && seq <= _to ? !_quiet.Contains(seq) : null;
}
