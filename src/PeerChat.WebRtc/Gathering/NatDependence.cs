namespace PeerChat.WebRtc;

/// <summary>How a NAT treats destinations, in mapping or in filtering (RFC 4787 sections 4.1 and 5).</summary>
public enum NatDependence
{
    /// <summary>Not known, or not yet.</summary>
    Unknown,

    /// <summary>All alike.</summary>
    EndpointIndependent,

    /// <summary>Each address otherwise.</summary>
    AddressDependent,

    /// <summary>Each port of each address otherwise.</summary>
    AddressAndPortDependent,
}
