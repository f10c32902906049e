namespace PeerChat.Node;

/// <summary>One thing that was looked at, and how it is.</summary>
/// <param name="Area">
/// <c>interface</c>, <c>lan</c>, <c>server</c> (STUN, TURN), <c>nat</c>, <c>mapping</c>, <c>peerserver</c>, <c>tracker</c>, <c>clock</c> or <c>person</c>.
/// </param>
/// <param name="Subject">Which one.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Text">How it is, as the end of a sentence that begins with the subject.</param>
/// <param name="Advice">What to change; empty for nothing.</param>
public sealed record DiagnosisCheck(
    string Area,
    string Subject,
    DiagnosisVerdict Verdict,
    string Text,
    string Advice
);
