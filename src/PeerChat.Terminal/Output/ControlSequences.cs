using System.Text;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Text;

namespace PeerChat.Terminal.Output;

/// <summary>What is said to the terminal beside cells; text in it is cleaned as text in cells is.</summary>
public static class ControlSequences
{
    /// <summary>Columns of a title that are sent; longer ones are of no use and some terminals choke on them.</summary>
    public const int MaxTitleColumns = 200;

    /// <summary>Bytes that may be copied; terminals drop longer requests (100,000 is xterm's and tmux's order of size).</summary>
    public const int MaxCopyBytes = 74_000;

    /// <summary>Takes the screen: title kept, alternate screen, no wrapping, bracketed paste and focus reports, blank.</summary>
    public static ReadOnlySpan<byte> Enter => "\e[22;2t\e[?1049h\e[?7l\e[?2004h\e[?1004h\e[0m\e[r\e[H\e[2J"u8;

    /// <summary>Gives it back, from whatever state it is in.</summary>
    /// <remarks>
    /// Ends a synchronized update, resets margins and style, mouse, focus, paste, cursor-key and keypad modes, shows the cursor,
    /// leaves the alternate screen, restores the title.
    /// </remarks>
    public static ReadOnlySpan<byte> Leave =>
        "\e[?2026l\e[r\e[0m\e[?1000l\e[?1002l\e[?1006l\e[?1004l\e[?2004l\e[?1l\e>\e[?7h\e[?25h\e[?1049l\e[23;2t"u8;

    /// <summary>Turns reports of the mouse on: clicks, drags and the wheel, in the SGR form.</summary>
    public static ReadOnlySpan<byte> MouseOn => "\e[?1000h\e[?1002h\e[?1006h"u8;

    /// <summary>Turns reports of the mouse off, so that the terminal's own selection works.</summary>
    public static ReadOnlySpan<byte> MouseOff => "\e[?1000l\e[?1002l\e[?1006l"u8;

    /// <summary>The bell.</summary>
    public static ReadOnlySpan<byte> Bell => "\a"u8;

    /// <summary>Columns of each part of a notification that are sent: what desktops show of it.</summary>
    public const int MaxNotificationColumns = 100;

    /// <summary>Has the terminal show a message of the desktop; empty where it has no sequence for that.</summary>
    public static byte[] Notification(NotificationForm form, string title, string text)
    {
        // A semicolon ends the title in OSC 777, and OSC 9 with a number in front is something else on some terminals
        var head = Clean(title, MaxNotificationColumns).Replace(';', ',');
        var body = Clean(text, MaxNotificationColumns).Replace(';', ',');
        return Encoding.UTF8.GetBytes(
            form switch
            {
                NotificationForm.ITerm => $"\e]9;{head}: {body}\e\\",
                NotificationForm.Urxvt => $"\e]777;notify;{head};{body}\e\\",
                NotificationForm.Kitty => $"\e]99;i=1:d=0;{head}\e\\\e]99;i=1:p=body;{body}\e\\",
                _ => "",
            }
        );
    }

    /// <summary>Sets the title of the window.</summary>
    public static byte[] Title(string title) =>
        Encoding.UTF8.GetBytes($"\e]2;{Clean(title, MaxTitleColumns)}\e\\");

    /// <summary>Asks the terminal to put text into the clipboard (OSC 52); false when it is too long.</summary>
    /// <remarks>Nobody says whether it worked: tmux drops it unless set-clipboard is on.</remarks>
    public static bool TryCopy(string text, out byte[] bytes)
    {
        var content = Encoding.UTF8.GetBytes(text);
        bytes =
            content.Length > MaxCopyBytes
                ? []
                : Encoding.ASCII.GetBytes($"\e]52;c;{Convert.ToBase64String(content)}\e\\");
        return bytes.Length > 0;
    }

    /// <summary>A text as cells would show it, cut to so many columns: safe to put into a sequence or a line of output.</summary>
    public static string Clean(string text, int maxColumns)
    {
        var clean = new StringBuilder();
        Span<char> form = stackalloc char[VisibleForm.MaxLength];
        var columns = 0;
        foreach (var cluster in new TextClusters(text))
        {
            columns += cluster.Columns;
            if (columns > maxColumns)
            {
                break;
            }

            var source = text.AsSpan(cluster.Start, cluster.Length);
            switch (cluster.Form)
            {
                case ClusterForm.Shown:
                    var isWellFormed =
                        Rune.DecodeFromUtf16(source, out var rune, out _)
                        == System.Buffers.OperationStatus.Done;
                    clean.Append(form[..VisibleForm.Write(isWellFormed ? rune.Value : source[0], form)]);
                    break;
                case ClusterForm.Tab:
                    clean.Append(' ', cluster.Columns);
                    break;
                case ClusterForm.OnDottedCircle:
                    clean.Append('\u25CC').Append(source[..cluster.DrawnLength]);
                    break;
                default:
                    clean.Append(source[..cluster.DrawnLength]);
                    break;
            }
        }

        return clean.ToString();
    }
}
