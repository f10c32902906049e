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

    /// <summary>The text is over the limit.</summary>
    TooLong,

    /// <summary>It could not be stored.</summary>
    Storage,

    /// <summary>The node is ending.</summary>
    Stopping,
}
