using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>Whose names look alike: one's own and those of contacts.</summary>
/// <param name="self">Oneself.</param>
/// <param name="ownName">One's own name.</param>
internal sealed class Lookalikes(PeerId self, string ownName)
{
    /// <summary>Answers kept, so that a history of one author costs one comparison; then all are forgotten.</summary>
    private const int MaxKnown = 4_096;

    private readonly string _own = SkeletonOf(ownName);
    private readonly Dictionary<string, List<KnownContact>> _bySkeleton = new(StringComparer.Ordinal);
    private readonly Dictionary<(PeerId, string), string?> _known = [];

    /// <summary>Takes a contact in, in the place of what was known of it.</summary>
    public void Put(KnownContact contact, KnownContact? before)
    {
        Remove(before);
        var skeleton = SkeletonOf(contact.Name);
        if (!_bySkeleton.TryGetValue(skeleton, out var alike))
        {
            _bySkeleton.Add(skeleton, alike = []);
        }

        alike.Add(contact);
    }

    /// <summary>Forgets a contact.</summary>
    public void Remove(KnownContact? contact)
    {
        _known.Clear();
        if (contact is not null && _bySkeleton.TryGetValue(SkeletonOf(contact.Name), out var alike))
        {
            alike.RemoveAll(other => other.Identity.PeerId == contact.Identity.PeerId);
        }
    }

    /// <summary>
    /// The name that somebody's could be taken for: one's own, or that of a contact; of two contacts the one known for less long is taken for
    /// the other. Nobody is taken for whom the user blocked. Null where the name is like nobody's.
    /// </summary>
    /// <param name="id">Whose name it is.</param>
    /// <param name="name">The name as it is shown.</param>
    /// <param name="contact">The contact, where it is one.</param>
    public string? Find(PeerId id, string name, KnownContact? contact)
    {
        if (id == self)
        {
            return null;
        }

        if (!_known.TryGetValue((id, name), out var found))
        {
            if (_known.Count == MaxKnown)
            {
                _known.Clear();
            }

            _known.Add((id, name), found = Compare(id, SkeletonOf(name), contact));
        }

        return found;
    }

    private string? Compare(PeerId id, string skeleton, KnownContact? contact) =>
        skeleton == _own ? ownName
        : _bySkeleton.TryGetValue(skeleton, out var alike)
            ? alike
                .Where(other =>
                    other.Identity.PeerId != id
                    && !other.Record.IsBlocked
                    && (contact is null || Age(other).CompareTo(Age(contact)) < 0)
                )
                .MinBy(Age)
                ?.Name
        : null;

    private static (long, PeerId) Age(KnownContact contact) =>
        (contact.Record.FirstSeen.UnixMilliseconds, contact.Identity.PeerId);

    // What stands behind a name to tell two of one name apart is no part of it
    private static string SkeletonOf(string name) =>
        NameSkeleton.Of(name.IndexOf('~', StringComparison.Ordinal) is > 0 and var end ? name[..end] : name);
}
