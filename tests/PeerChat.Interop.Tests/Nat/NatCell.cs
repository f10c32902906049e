namespace PeerChat.Interop.Tests.Nat;

/// <summary>One pair of machines that want to meet.</summary>
/// <param name="Alice">What alice, who invites, is behind.</param>
/// <param name="Bob">What bob, who joins, is behind.</param>
/// <param name="HasTurn">Whether both name a TURN server.</param>
/// <param name="Mapping">Whether the router of each maps ports.</param>
/// <param name="IsHairpin">Whether both are behind one NAT, in networks that reach each other by its public address alone.</param>
internal sealed record NatCell(
    NatKind Alice,
    NatKind Bob,
    bool HasTurn,
    bool IsHairpin = false,
    NatMapping Mapping = NatMapping.None
)
{
    /// <summary>Names the cell; <c>PEERCHAT_NAT_CELLS</c> chooses by it.</summary>
    public string Name =>
        (IsHairpin ? "hairpin" : $"{NatMatrix.NameOf(Alice)} and {NatMatrix.NameOf(Bob)}")
        + (HasTurn ? " with TURN" : "")
        + (Mapping == NatMapping.None ? "" : $" with {NatMatrix.NameOf(Mapping)}");

    /// <summary>How they are to be connected.</summary>
    public NatPath Expected =>
        NatMatrix.IsDirect(this) ? NatPath.Direct
        : HasTurn ? NatPath.Relayed
        : NatPath.None;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
