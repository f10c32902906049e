namespace PeerChat.Rendezvous.Lan.Dns;

/// <summary>The record types that service discovery needs (RFC 1035, 2782, 3596, 4034).</summary>
internal enum DnsType : ushort
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>A name that stands for another name.</summary>
    Ptr = 12,

    /// <summary>Strings of a service instance.</summary>
    Txt = 16,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,

    /// <summary>Host and port of a service instance.</summary>
    Srv = 33,

    /// <summary>Which types a name has, so that the others need not be waited for (RFC 6762 section 6.1).</summary>
    Nsec = 47,

    /// <summary>In questions: every type.</summary>
    Any = 255,
}
