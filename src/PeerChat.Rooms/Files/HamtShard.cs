using System.Globalization;
using System.Numerics;
using System.Text;

namespace PeerChat.Rooms.Files;

/// <summary>One node of a folder that is spread by the hashes of its names, 256 ways a level.</summary>
internal static class HamtShard
{
    /// <summary>Characters before each name: the place in the node in hexadecimal digits.</summary>
    public const int PrefixLength = 2;

    private const int Width = 256;
    private const ulong MurmurX64 = 0x22;

    /// <summary>The hash by which a name is placed.</summary>
    public static ulong HashOf(string name) => Murmur3.Hash64(Encoding.UTF8.GetBytes(name));

    /// <summary>The place of a hash at a level: one byte each, the most significant first.</summary>
    public static int PlaceOf(ulong hash, int level) => (int)((hash >> (56 - (8 * level))) & 0xFF);

    /// <summary>Writes the node whose places hold these links; names are already prefixed, in the order of places.</summary>
    public static DagNode Write(IReadOnlyList<DagLink> links)
    {
        Span<byte> bits = stackalloc byte[Width / 8];
        foreach (var link in links)
        {
            var place = PlaceIn(link.Name);
            bits[bits.Length - 1 - (place / 8)] |= (byte)(1 << (place % 8));
        }

        var data = new UnixFsData(UnixFsType.HamtShard)
        {
            Data = bits[bits.IndexOfAnyExcept((byte)0)..].ToArray(),
            HashType = MurmurX64,
            Fanout = Width,
        };
        return new DagNode(links, data.Write());
    }

    /// <summary>The prefix of a place.</summary>
    public static string Prefix(int place) => place.ToString("X2", CultureInfo.InvariantCulture);

    /// <summary>Whether a node is what <see cref="Write"/> makes: known hash and width, as many bits as links, each link at its place.</summary>
    public static bool IsSound(DagNode node, UnixFsData data)
    {
        if (
            data.HashType != MurmurX64
            || data.Fanout != Width
            || data.Data.Length > Width / 8
            || node.Links.Count == 0
        )
        {
            return false;
        }

        var bits = data.Data.Span;
        var (count, last) = (0, -1);
        foreach (var part in bits)
        {
            count += BitOperations.PopCount(part);
        }

        foreach (var link in node.Links)
        {
            var place = PlaceIn(link.Name);
            var at = bits.Length - 1 - (place / 8);
            if (place <= last || at < 0 || (bits[at] & (1 << (place % 8))) == 0)
            {
                return false;
            }

            last = place;
        }

        return count == node.Links.Count;
    }

    /// <summary>The place that a link's name begins with; −1 where it begins with none.</summary>
    public static int PlaceIn(string name) =>
        name.Length >= PrefixLength
        && byte.TryParse(
            name.AsSpan(0, PrefixLength),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out var place
        )
        && Prefix(place) == name[..PrefixLength]
            ? place
            : -1;
}
