using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Guests;

/// <summary>What was said with a guest. It lives as long as the node: nobody could say next time whether it is the same person (decision 0096).</summary>
/// <param name="endpoint">The PeerServer through which the guest came.</param>
internal sealed class GuestTalk(string endpoint)
{
    /// <summary>Lines that are kept; what is older goes.</summary>
    public const int MaxMessages = 1000;

    /// <summary>And so much text, for all the guests there may be a few megabytes.</summary>
    public const int MaxCharacters = 512 * 1024;

    private readonly Queue<ChatMessage> _messages = new();
    private readonly Dictionary<string, ChatMessage> _byReference = new(StringComparer.Ordinal);
    private long _characters;

    /// <summary>The PeerServer through which the guest came.</summary>
    public string Endpoint => endpoint;

    /// <summary>The connection; null while the guest is not here.</summary>
    public int? Link { get; set; }

    /// <summary>Whether the guest was told of as somebody who is here.</summary>
    public bool IsHere { get; set; }

    /// <summary>The lines, oldest first.</summary>
    public IReadOnlyCollection<ChatMessage> Messages => _messages;

    /// <summary>What a reference was sent as, where it was.</summary>
    public ChatMessage? Find(string reference) => _byReference.GetValueOrDefault(reference);

    /// <summary>Keeps a line.</summary>
    public void Add(ChatMessage message, string? reference)
    {
        _messages.Enqueue(message);
        _characters += message.Text.Length;
        if (reference is not null)
        {
            _byReference[reference] = message;
        }

        while (_messages.Count > MaxMessages || (_characters > MaxCharacters && _messages.Count > 1))
        {
            var old = _messages.Dequeue();
            _characters -= old.Text.Length;
            foreach (var (known, sent) in _byReference)
            {
                if (sent.Id == old.Id)
                {
                    _byReference.Remove(known);
                }
            }
        }
    }

    /// <summary>How a guest is called: the name they gave or else their id, behind a sign that no name of a contact or room begins with.</summary>
    public static string TitleOf(string name, string peer) =>
        DisplayName.TryCreate(name, out var chosen, out _) ? $"%{chosen}"
        : DisplayName.TryCreate(peer, out var id, out _) ? $"%{id}"
        : $"%{peer[..Math.Min(peer.Length, 8)]}";
}
