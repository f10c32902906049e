namespace PeerChat.Tui.Output;

/// <summary>One thing that the doctor looked at, in JSON output.</summary>
internal sealed record JsonCheck(
    int V,
    string Type,
    string Area,
    string Subject,
    string Verdict,
    string Text,
    string Advice
);
