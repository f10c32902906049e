namespace PeerChat.Tui.Commands;

/// <summary>References for texts: no two alike, so that a text asked to be sent twice goes out once.</summary>
internal static class Reference
{
    /// <summary>Makes one.</summary>
    public static string Make() =>
#pragma warning disable RS0030 // the program itself may draw random numbers; nothing is reproduced from them
        Guid.NewGuid().ToString("N");
#pragma warning restore RS0030
}
