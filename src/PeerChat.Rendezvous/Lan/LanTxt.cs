using System.Globalization;
using System.Text;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>The strings of our TXT record (RFC 6763 section 6): versions, instance, name, peer id, tags.</summary>
/// <remarks>
/// <c>txtvers=1 v=1 i=… n=… id=… t=… t1=…</c>, where each t holds up to twelve tags as they are, in binary.
/// </remarks>
internal sealed record LanTxt(string InstanceId, string? Name, string? PeerId, IReadOnlyList<byte[]> Tags)
{
    private const int MaxStringSize = 255; // RFC 6763 section 6.1
    private const int TagsPerString = 12; // 3 + 240 bytes
    private const int TagStrings = LanAnnouncement.MaxTags / TagsPerString;
    private const string Version = "1";

    /// <summary>Reads the strings; false unless they are of our version and name their instance.</summary>
    /// <remarks>A name or id that breaks the rules counts as none; tags beyond the limit are left out.</remarks>
    public static bool TryParse(ReadOnlySpan<byte> data, out LanTxt txt)
    {
        txt = null!;
        var values = new Dictionary<string, byte[]>(StringComparer.OrdinalIgnoreCase);
        var reader = new SpanReader(data);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadByte(out var length) || !reader.TryReadBytes(length, out var pair))
            {
                return false;
            }

            var sign = pair.IndexOf((byte)'=');
            if (sign > 0)
            {
                // RFC 6763 section 6.4: of several strings with one key the first counts.
                values.TryAdd(Encoding.Latin1.GetString(pair[..sign]), pair[(sign + 1)..].ToArray());
            }
        }

        var instance = Ascii("i");
        if (!Is("txtvers", Version) || !Is("v", Version) || !LanAnnouncement.IsInstanceId(instance))
        {
            return false;
        }

        LanName.TryRead(values.GetValueOrDefault("n"), out var name);
        var peerId = Ascii("id");
        txt = new LanTxt(instance!, name, LanAnnouncement.IsPeerId(peerId) ? peerId : null, ReadTags(values));
        return true;

        bool Is(string key, string value) => string.Equals(Ascii(key), value, StringComparison.Ordinal);

        string? Ascii(string key) => values.TryGetValue(key, out var v) ? Encoding.Latin1.GetString(v) : null;
    }

    /// <summary>The strings as the content of a TXT record.</summary>
    public byte[] ToArray()
    {
        var bytes = new List<byte>(DnsRecord.MaxTextSize);
        Put("txtvers", Encoding.ASCII.GetBytes(Version));
        Put("v", Encoding.ASCII.GetBytes(Version));
        Put("i", Encoding.ASCII.GetBytes(InstanceId));
        if (Name is not null)
        {
            Put("n", Encoding.UTF8.GetBytes(Name));
        }

        if (PeerId is not null)
        {
            Put("id", Encoding.ASCII.GetBytes(PeerId));
        }

        for (var i = 0; i * TagsPerString < Tags.Count; i++)
        {
            Put(TagKey(i), [.. Tags.Skip(i * TagsPerString).Take(TagsPerString).SelectMany(tag => tag)]);
        }

        return [.. bytes];

        void Put(string key, byte[] value)
        {
            var length = key.Length + 1 + value.Length;
            if (length > MaxStringSize)
            {
                throw new InvalidOperationException("A TXT string has at most 255 bytes.");
            }

            bytes.Add((byte)length);
            bytes.AddRange(Encoding.ASCII.GetBytes(key));
            bytes.Add((byte)'=');
            bytes.AddRange(value);
        }
    }

    private static List<byte[]> ReadTags(Dictionary<string, byte[]> values)
    {
        var tags = new List<byte[]>();
        for (var i = 0; i < TagStrings; i++)
        {
            if (values.TryGetValue(TagKey(i), out var joined) && joined.Length % LanAnnouncement.TagSize == 0)
            {
                tags.AddRange(joined.Chunk(LanAnnouncement.TagSize).Take(TagsPerString));
            }
        }

        return tags;
    }

    private static string TagKey(int i) =>
        i == 0 ? "t" : string.Create(CultureInfo.InvariantCulture, $"t{i}");
}
