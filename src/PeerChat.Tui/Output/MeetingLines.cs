using System.Text.Json;
using PeerChat.Node;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Output;

/// <summary>Codes and diagnoses, as lines for people and for programs.</summary>
internal static class MeetingLines
{
    /// <summary>A code, and the same as a QR code.</summary>
    public static IEnumerable<string> Of(NodeReply.PastedCode code) =>
        RoomLines.QrLines(code.Text.ToUpperInvariant()).Prepend(code.Text);

    /// <summary>A code as a JSON line.</summary>
    public static string JsonOf(NodeReply.PastedCode code) =>
        JsonSerializer.Serialize(
            new JsonCode(JsonLines.Version, "code", code.Text, code.LifetimeSeconds),
            JsonShapes.Default.JsonCode
        );

    /// <summary>What was looked at, a line each; what to change in the line below.</summary>
    public static IEnumerable<string> Of(NodeReply.Diagnosis diagnosis)
    {
        foreach (var check in diagnosis.Checks)
        {
            yield return PlainText.Clean(
                $"{Mark(check.Verdict)} {Words.FromNode(check.Subject)}: {Words.FromNode(check.Text)}"
            );
            if (check.Advice.Length > 0)
            {
                yield return PlainText.Clean($"    → {Words.FromNode(check.Advice)}");
            }
        }
    }

    /// <summary>What was looked at, as JSON lines.</summary>
    public static IEnumerable<string> JsonOf(NodeReply.Diagnosis diagnosis) =>
        diagnosis.Checks.Select(check =>
            JsonSerializer.Serialize(
                new JsonCheck(
                    JsonLines.Version,
                    "check",
                    check.Area,
                    check.Subject,
                    JsonLines.Word(check.Verdict),
                    check.Text,
                    check.Advice
                ),
                JsonShapes.Default.JsonCheck
            )
        );

    // Words as well as signs: not everybody sees a colour or a tick.
    private static string Mark(DiagnosisVerdict verdict) =>
        verdict switch
        {
            DiagnosisVerdict.Good => $"[{Words.Of("works")}]",
            DiagnosisVerdict.Bad => $"[{Words.Of("fails")}]",
            DiagnosisVerdict.Off => $"[{Words.Of("off")}]",
            _ => "[?]",
        };
}
