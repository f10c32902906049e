using System.Text;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>The names that our service has in the local domain (RFC 6763 sections 4.1, 7 and 9).</summary>
internal static class ServiceName
{
    private const string Service = "_peerchat";
    private const string Protocol = "_udp";

    /// <summary>The domain that multicast DNS resolves (RFC 6762 section 3).</summary>
    public const string Domain = "local";

    /// <summary>The name whose PTR records list all kinds of service.</summary>
    public static DnsName AllServices { get; } = DnsName.FromLabels("_services", "_dns-sd", Protocol, Domain);

    /// <summary>The name whose PTR records list our instances.</summary>
    public static DnsName PeerChat { get; } = DnsName.FromLabels(Service, Protocol, Domain);

    /// <summary>The name of one instance.</summary>
    public static DnsName Instance(string instanceId) =>
        DnsName.FromLabels(instanceId, Service, Protocol, Domain);

    /// <summary>The name of the host part of this process: random as well, so it does not give the machine away.</summary>
    /// <remarks>
    /// A name has one set of addresses but an SRV record one port; where sockets got different ports, each
    /// port has a host name of its own.
    /// </remarks>
    public static DnsName Host(string hostId, TransportAddress address) =>
        DnsName.FromLabels($"{hostId}-{address.Port}", Domain);

    /// <summary>The instance id in an instance's name; null when it is of another service or not one of ours.</summary>
    public static string? InstanceIdOf(DnsName name)
    {
        if (!name.IsChildOf(PeerChat))
        {
            return null;
        }

        var label = Encoding.Latin1.GetString(name.FirstLabel).ToLowerInvariant();
        return LanAnnouncement.IsInstanceId(label) ? label : null;
    }
}
