namespace PeerChat.Tui.Output;

/// <summary>A file of a chat and how far it is, in JSON output; fields as <c>docs/SCRIPTING.md</c> describes them.</summary>
internal sealed record JsonTransfer(
    int V,
    string Type,
    string Id,
    string Room,
    string Name,
    string Cid,
    long Bytes,
    int Files,
    bool IsFolder,
    string MediaType,
    bool MayRun,
    bool IsOwn,
    string State,
    long Done,
    long Rate,
    int? LeftSeconds,
    string[] Sources,
    long Given,
    int Holders,
    string? Path,
    string? Problem
);
