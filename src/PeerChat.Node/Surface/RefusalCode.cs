using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>Why a command was not done.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<RefusalCode>))]
public enum RefusalCode
{
    /// <summary>A value that cannot be used.</summary>
    BadValue,

    /// <summary>There is no such chat; join it first.</summary>
    NoSuchChat,

    /// <summary>There is no such request, or it was answered long ago.</summary>
    NoSuchRequest,

    /// <summary>There is no such message, or nothing can be said about it.</summary>
    NoSuchMessage,

    /// <summary>There is nobody of that name or id.</summary>
    NoSuchPeer,

    /// <summary>The text is over the limit.</summary>
    TooLong,

    /// <summary>It could not be stored.</summary>
    Storage,

    /// <summary>The node is ending.</summary>
    Stopping,
}
