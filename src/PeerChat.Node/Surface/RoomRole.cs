using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>What a member of a private room may do.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<RoomRole>))]
public enum RoomRole
{
    /// <summary>Reads and writes.</summary>
    Member,

    /// <summary>Invites as well.</summary>
    Inviter,

    /// <summary>Invites, removes, promotes, and sets topic and history as well.</summary>
    Admin,
}
