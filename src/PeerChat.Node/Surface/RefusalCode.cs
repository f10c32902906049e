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

    /// <summary>There is no such file, or it is not here.</summary>
    NoSuchFile,

    /// <summary>There is nobody of that name or id.</summary>
    NoSuchPeer,

    /// <summary>There is no such member of the room, or several have that name.</summary>
    NoSuchMember,

    /// <summary>One's role in the room, or the room's state, does not allow it.</summary>
    NotAllowed,

    /// <summary>The safety number is another one: the keys are not those that the other side has.</summary>
    WrongNumber,

    /// <summary>The text is over the limit.</summary>
    TooLong,

    /// <summary>It could not be stored.</summary>
    Storage,

    /// <summary>Not yet, but in a moment.</summary>
    NotYet,

    /// <summary>The node is ending.</summary>
    Stopping,
}
