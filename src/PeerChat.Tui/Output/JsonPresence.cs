namespace PeerChat.Tui.Output;

/// <summary>Somebody who is connected, in JSON output.</summary>
internal sealed record JsonPresence(
    int V,
    string Type,
    JsonPerson Person,
    bool Connected,
    string Trust,
    string Path
);
