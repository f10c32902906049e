using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>Names that stand for own addresses in descriptions that leave the network (draft-ietf-mmusic-mdns-ice-candidates section 3.1).</summary>
/// <remarks>
/// They are random, each of one address and one description, so that two who compare theirs learn nothing. Nobody has heard
/// of a name before it is asked for, so they are not announced; and 122 random bits need no probing.
/// </remarks>
internal sealed class HiddenHosts(IEntropy entropy)
{
    /// <summary>Names that are answered for; those of the oldest descriptions go first. 64 connections with four addresses each.</summary>
    public const int MaxNames = 256;

    private const int UuidSize = 16;
    private readonly Queue<(DnsName Name, TransportAddress Address)> _names = new();

    /// <summary>Makes a name for an address.</summary>
    public string Hide(TransportAddress address)
    {
        var bytes = entropy.Bytes(UuidSize);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40); // RFC 9562 section 5.4: version 4
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80); // and its variant
        var label = new Guid(bytes, bigEndian: true).ToString("D");
        if (_names.Count >= MaxNames)
        {
            _names.Dequeue();
        }

        _names.Enqueue((DnsName.FromLabels(label, ServiceName.Domain), address.WithPort(0)));
        return $"{label}.{ServiceName.Domain}";
    }

    /// <summary>The records that answer a question on an interface; for a name without that type, the word that there is none.</summary>
    public IEnumerable<DnsRecord> Answer(DnsQuestion question, LanInterface onInterface)
    {
        foreach (var (name, address) in _names.Where(each => each.Name.Equals(question.Name)))
        {
            if (!onInterface.Addresses.Any(own => own.Address.WithPort(0) == address))
            {
                continue; // it would not help there, and would tell one network of the other
            }

            var record = DnsRecord.Address(name, address, LanRecordSet.HostTtl);
            yield return question.Type == DnsType.Any || question.Type == record.Type
                ? record
                : DnsRecord.OnlyTypes(name, [record.Type], LanRecordSet.HostTtl);
        }
    }
}
