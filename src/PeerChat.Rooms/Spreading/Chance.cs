using PeerChat.Primitives;

namespace PeerChat.Rooms.Spreading;

/// <summary>Random choices. Nothing here is a secret, so the slight bias of a remainder does not matter.</summary>
internal static class Chance
{
    /// <summary>A number from 0 to below the count.</summary>
    public static int NextBelow(this IEntropy entropy, int count) =>
        (int)(entropy.NextUInt32() % (uint)count);

    /// <summary>So many of the items, each once, at random.</summary>
    public static IReadOnlyList<T> Sample<T>(this IReadOnlyList<T> items, int count, IEntropy entropy)
    {
        var rest = new List<T>(items);
        var taken = new List<T>(Math.Min(count, rest.Count));
        while (taken.Count < count && rest.Count > 0)
        {
            var index = entropy.NextBelow(rest.Count);
            taken.Add(rest[index]);
            rest[index] = rest[^1];
            rest.RemoveAt(rest.Count - 1);
        }

        return taken;
    }
}
