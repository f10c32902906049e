using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>What kind of chat it is.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<ChatKind>))]
public enum ChatKind
{
    /// <summary>Two people.</summary>
    Direct,

    /// <summary>A room known by its name alone, readable by all who know the name.</summary>
    OpenRoom,

    /// <summary>A room whose members are admitted by invitation.</summary>
    PrivateRoom,

    /// <summary>Somebody with a PeerJS page, who has proven nothing and is not kept.</summary>
    Guest,
}
