namespace PeerChat.Terminal.Text;

/// <summary>How a cluster is drawn.</summary>
public enum ClusterForm
{
    /// <summary>As it is; terminals agree on its width.</summary>
    Plain,

    /// <summary>As it is; terminals disagree on its width, so the cursor is placed anew behind it.</summary>
    Doubtful,

    /// <summary>On a dotted circle, because it lacks the character it would sit on.</summary>
    OnDottedCircle,

    /// <summary>Spelled out (<c>^[</c>, <c>&lt;U+202E&gt;</c>), because it must not reach the terminal.</summary>
    Shown,

    /// <summary>A tab, drawn as blanks.</summary>
    Tab,
}
