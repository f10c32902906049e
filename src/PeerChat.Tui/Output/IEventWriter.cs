using PeerChat.Node;

namespace PeerChat.Tui.Output;

/// <summary>Writes what happens to standard output, for people or for programs.</summary>
internal interface IEventWriter
{
    /// <summary>Writes a message.</summary>
    void Message(ChatMessage message);

    /// <summary>Writes a first-contact request.</summary>
    void Request(NodeEvent.RequestReceived request);

    /// <summary>Writes that somebody is connected.</summary>
    void Person(ChatMember member);

    /// <summary>Writes a sentence about what goes on.</summary>
    void Notice(NodeEvent.Notice notice);
}
