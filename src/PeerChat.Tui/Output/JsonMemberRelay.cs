namespace PeerChat.Tui.Output;

/// <summary>Somebody who is reached through a member in common, in JSON output.</summary>
internal sealed record JsonMemberRelay(string Name, string By);
