using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>The records that this process owns on one interface.</summary>
internal sealed class LanRecordSet
{
    /// <summary>Seconds for what names a host (RFC 6762 section 10).</summary>
    public const uint HostTtl = 120;

    /// <summary>Seconds for everything else (RFC 6762 section 10).</summary>
    public const uint OtherTtl = 4500;

    private readonly List<DnsRecord> _pointers = [];
    private readonly List<DnsRecord> _instance = [];
    private readonly List<DnsRecord> _hosts = [];

    /// <summary>Makes the records of an announcement for one interface, with that interface's addresses only.</summary>
    public LanRecordSet(LanAnnouncement announcement, string hostId, LanInterface onInterface)
    {
        var instance = ServiceName.Instance(announcement.InstanceId);
        var txt = new LanTxt(
            announcement.InstanceId,
            announcement.Name,
            announcement.PeerId,
            announcement.Tags
        ).ToArray();
        var addresses = onInterface.Addresses.Where(own => own.Address.Port != 0).ToList();
        if (addresses.Count == 0)
        {
            return;
        }

        _pointers.Add(DnsRecord.Pointer(ServiceName.PeerChat, instance, OtherTtl));
        _pointers.Add(DnsRecord.Pointer(ServiceName.AllServices, ServiceName.PeerChat, OtherTtl));
        foreach (var group in addresses.GroupBy(own => own.Address.Port))
        {
            var host = ServiceName.Host(hostId, group.First().Address);
            _instance.Add(DnsRecord.Service(instance, host, group.Key, HostTtl));
            _hosts.AddRange(group.Select(own => DnsRecord.Address(host, own.Address, HostTtl)));
        }

        _instance.Add(DnsRecord.Text(instance, txt, OtherTtl));
    }

    /// <summary>All records, in the order in which they are announced.</summary>
    public IEnumerable<DnsRecord> All => _pointers.Concat(_instance).Concat(_hosts);

    /// <summary>Whether other hosts own records of this name and type too, so that answers need spreading.</summary>
    public static bool IsShared(DnsRecord record) => record.Type == DnsType.Ptr;

    /// <summary>The records that answer a question; for a name of ours without that type, the word that there is none.</summary>
    public IEnumerable<DnsRecord> Answer(DnsQuestion question)
    {
        var ofName = All.Where(record => record.Name.Equals(question.Name)).ToList();
        var matching = ofName
            .Where(record => question.Type == DnsType.Any || record.Type == question.Type)
            .ToList();

        // RFC 6762 section 6.1: the owner of a unique name says which types there are, so nobody waits in vain.
        return matching.Count == 0 && ofName.Count > 0 && !IsShared(ofName[0])
            ? [DnsRecord.OnlyTypes(question.Name, ofName.Select(record => record.Type), ofName[0].Ttl)]
            : matching;
    }

    /// <summary>What whoever got these answers asks next (RFC 6763 section 12).</summary>
    public IEnumerable<DnsRecord> AdditionalTo(IReadOnlyCollection<DnsRecord> answers)
    {
        var instanceNamed = answers.Any(a => a.Type == DnsType.Ptr && a.Name.Equals(ServiceName.PeerChat));
        var hostNamed = instanceNamed || answers.Any(a => a.Type == DnsType.Srv);
        return (instanceNamed ? _instance : [])
            .Concat(hostNamed ? _hosts : [])
            .Where(extra => !answers.Any(extra.SaysTheSameAs));
    }
}
