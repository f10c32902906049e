namespace PeerChat.Tui.Output;

/// <summary>A file or folder by its content, in JSON output.</summary>
internal sealed record JsonFile(
    int V,
    string Type,
    string Cid,
    string Path,
    bool IsFolder,
    long Bytes,
    int Files,
    int? HiddenLeftOut,
    int? Renamed,
    int? LinksLeftOut
);
