using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using PeerChat.Primitives;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Rooms.Invitations;

/// <summary>Where somebody may be met, as links carry it: addresses and services.</summary>
/// <remarks>
/// <code>
/// n 1 | n × ( 4, address 4, port 2 | 6, address 16, port 2 | 1 PeerServer or 2 tracker, length 1, URL )
/// </code>
/// </remarks>
/// <param name="Addresses">Addresses at which the owner of the link was when it was made.</param>
/// <param name="Services">PeerServers and trackers at which they listen.</param>
public sealed record LinkHints(IReadOnlyList<TransportAddress> Addresses, IReadOnlyList<ServiceHint> Services)
{
    /// <summary>Addresses in a link at most: with four of them a QR code still fits a terminal of 80 columns.</summary>
    public const int MaxAddresses = 4;

    /// <summary>Services in a link at most, for the same reason.</summary>
    public const int MaxServices = 3;

    /// <summary>The longest URL in bytes.</summary>
    public const int MaxUrlBytes = 128;

    private const byte PeerServerKind = 1;
    private const byte TrackerKind = 2;
    private const byte Ip4Kind = 4;
    private const byte Ip6Kind = 6;

    /// <summary>No hints.</summary>
    public static LinkHints None { get; } = new([], []);

    /// <summary>The bytes that <see cref="Write"/> takes.</summary>
    internal int Size =>
        1 + Addresses.Sum(one => one.IsIPv6 ? 19 : 7) + Services.Sum(one => 2 + one.Url.Length);

    /// <summary>As many of these as a link holds.</summary>
    public static LinkHints Of(IEnumerable<TransportAddress> addresses, IEnumerable<ServiceHint> services) =>
        new(
            [.. addresses.Take(MaxAddresses)],
            [
                .. services
                    .Where(one => one.Url.Length <= MaxUrlBytes && Ascii.IsValid(one.Url))
                    .Take(MaxServices),
            ]
        );

    internal void Write(ref SpanWriter writer)
    {
        writer.WriteByte((byte)(Addresses.Count + Services.Count));
        foreach (var hint in Addresses)
        {
            var address = hint.ToIPAddress().GetAddressBytes();
            writer.WriteByte(address.Length == 4 ? Ip4Kind : Ip6Kind);
            writer.WriteBytes(address);
            writer.WriteUInt16(hint.Port);
        }

        foreach (var service in Services)
        {
            writer.WriteByte(service.Rung == Rung.PeerServer ? PeerServerKind : TrackerKind);
            writer.WriteByte((byte)service.Url.Length);
            writer.WriteBytes(Encoding.ASCII.GetBytes(service.Url));
        }
    }

    internal static bool TryRead(ref SpanReader reader, [NotNullWhen(true)] out LinkHints? hints)
    {
        hints = null;
        if (!reader.TryReadByte(out var count) || count > MaxAddresses + MaxServices)
        {
            return false;
        }

        var addresses = new List<TransportAddress>();
        var services = new List<ServiceHint>();
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadByte(out var kind) || !TryReadOne(kind, ref reader, addresses, services))
            {
                return false;
            }
        }

        hints = new LinkHints(addresses, services);
        return addresses.Count <= MaxAddresses && services.Count <= MaxServices;
    }

    private static bool TryReadOne(
        byte kind,
        ref SpanReader reader,
        List<TransportAddress> addresses,
        List<ServiceHint> services
    )
    {
        switch (kind)
        {
            case Ip4Kind or Ip6Kind:
                if (
                    !reader.TryReadBytes(kind == Ip4Kind ? 4 : 16, out var address)
                    || !reader.TryReadUInt16(out var port)
                )
                {
                    return false;
                }

                addresses.Add(new TransportAddress(new IPAddress(address), port));
                return true;
            case PeerServerKind or TrackerKind:
                if (
                    !reader.TryReadByte(out var length)
                    || length is 0 or > MaxUrlBytes
                    || !reader.TryReadBytes(length, out var url)
                    || !Ascii.IsValid(url)
                    || url.ContainsAnyInRange((byte)0, (byte)' ')
                )
                {
                    return false;
                }

                services.Add(
                    new ServiceHint(
                        kind == PeerServerKind ? Rung.PeerServer : Rung.Tracker,
                        Encoding.ASCII.GetString(url)
                    )
                );
                return true;
            default:
                return false;
        }
    }
}
