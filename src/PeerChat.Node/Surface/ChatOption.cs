using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>What the user decides for a chat or for all of them; off where nothing was decided.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<ChatOption>))]
public enum ChatOption
{
    /// <summary>Whether the others learn what one has read.</summary>
    ReadReceipts,

    /// <summary>Whether the others see that one is writing.</summary>
    Typing,
}
