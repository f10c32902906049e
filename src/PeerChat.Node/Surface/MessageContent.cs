using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>What a message is.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<MessageContent>))]
public enum MessageContent
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A file or folder; the text is its name.</summary>
    File,

    /// <summary>No key that opens it is here.</summary>
    Unreadable,

    /// <summary>Something that a newer version defines.</summary>
    NeedsNewerVersion,

    /// <summary>Its author took it back.</summary>
    Recalled,

    /// <summary>Only its header is here: whoever has the content was not met yet, or nobody has it any more.</summary>
    Missing,

    /// <summary>Deleted here, because the chat keeps nothing that old.</summary>
    Expired,
}
