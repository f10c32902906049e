using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>What a notice is about.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<NoticeCode>))]
public enum NoticeCode
{
    /// <summary>Something to know.</summary>
    Information,

    /// <summary>Offers went out, nothing came back.</summary>
    FirewallLikely,

    /// <summary>The name answers with another key than the pinned one.</summary>
    IdentityChanged,

    /// <summary>The secure connection did not hold: forged, replayed or misdirected.</summary>
    ConnectionRefused,

    /// <summary>The text is over the limit.</summary>
    MessageTooLong,

    /// <summary>The wanted port was taken.</summary>
    PortInUse,

    /// <summary>Something could not be stored.</summary>
    StorageTrouble,

    /// <summary>Garbage arrived and was dropped.</summary>
    DroppedPackets,

    /// <summary>Somebody left.</summary>
    PeerLeft,

    /// <summary>Somebody came.</summary>
    PeerJoined,

    /// <summary>This profile was restored or copied, or a copy of it runs elsewhere.</summary>
    ProfileCopied,

    /// <summary>No interface that may be used is up with an address: nobody can be reached until one is.</summary>
    NoNetwork,

    /// <summary>One is up again.</summary>
    NetworkUp,
}
