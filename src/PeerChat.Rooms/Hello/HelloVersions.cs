namespace PeerChat.Rooms.Hello;

/// <summary>The protocol versions and features a program speaks.</summary>
/// <param name="Min">The oldest version.</param>
/// <param name="Max">The newest version; not below <paramref name="Min"/>.</param>
/// <param name="Features">One bit per optional feature; in use are those that both sides name.</param>
public readonly record struct HelloVersions(ushort Min, ushort Max, ulong Features)
{
    /// <summary>What this program speaks: version 1, no optional features yet.</summary>
    public static HelloVersions Current => new(1, 1, 0);
}
