using System.Text;
using System.Text.RegularExpressions;

namespace PeerChat.Interop.Tests.Nat;

/// <summary>All pairs of NAT kinds, and what is expected of each; <c>docs/NETWORKING.md</c> has the same as a table.</summary>
internal static class NatMatrix
{
    private static readonly NatKind[] Kinds = Enum.GetValues<NatKind>();

    /// <summary>Every cell.</summary>
    public static IReadOnlyList<NatCell> All { get; } =
    [
        .. from alice in Kinds
        from bob in Kinds
        where alice <= bob
        from turn in new[] { false, true }
        select new NatCell(alice, bob, turn),
        new(NatKind.PortRestricted, NatKind.PortRestricted, HasTurn: false, IsHairpin: true),
        new(NatKind.PortRestricted, NatKind.PortRestricted, HasTurn: true, IsHairpin: true),
        .. from mapping in new[] { NatMapping.Pcp, NatMapping.Upnp }
        from kind in new[] { NatKind.Symmetric, NatKind.PortRestricted }
        select new NatCell(kind, NatKind.Symmetric, HasTurn: false) { Mapping = mapping },
    ];

    /// <summary>The cells that every run of the gate goes through: each kind, and each way of ending.</summary>
    public static IReadOnlyList<NatCell> Gate { get; } =
    [
        new(NatKind.None, NatKind.Symmetric, HasTurn: false),
        new(NatKind.FullCone, NatKind.Symmetric, HasTurn: false),
        new(NatKind.PortRestricted, NatKind.PortRestricted, HasTurn: false),
        new(NatKind.PortRestricted, NatKind.Twofold, HasTurn: false),
        new(NatKind.PortRestricted, NatKind.Symmetric, HasTurn: true),
        new(NatKind.Symmetric, NatKind.Symmetric, HasTurn: false),
        new(NatKind.Twofold, NatKind.UdpBlocked, HasTurn: true),
        new(NatKind.PortRestricted, NatKind.PortRestricted, HasTurn: false, IsHairpin: true),
        new(NatKind.Symmetric, NatKind.Symmetric, HasTurn: false) { Mapping = NatMapping.Pcp },
        new(NatKind.Symmetric, NatKind.Symmetric, HasTurn: false) { Mapping = NatMapping.Upnp },
    ];

    /// <summary>The cells of this run.</summary>
    public static IReadOnlyList<NatCell> OfThisRun
    {
        get
        {
            var cells = Environment.GetEnvironmentVariable("PEERCHAT_LONG") == "1" ? All : Gate;
            return Environment.GetEnvironmentVariable("PEERCHAT_NAT_CELLS") is { Length: > 0 } chosen
                ?
                [
                    .. All.Where(cell =>
                        Regex.IsMatch(cell.Name, chosen, RegexOptions.None, TimeSpan.FromSeconds(1))
                    ),
                ]
                : cells;
        }
    }

    /// <summary>Whether packets of the two find a way to each other.</summary>
    public static bool IsDirect(NatCell cell)
    {
        if (cell.IsHairpin || cell.Mapping != NatMapping.None)
        {
            return true;
        }

        NatKind[] both = [cell.Alice, cell.Bob];
        if (both.Contains(NatKind.UdpBlocked))
        {
            return false;
        }

        // A port that nobody can foretell is found only by who takes in what comes from anywhere.
        return !both.Contains(NatKind.Symmetric)
            || both.Any(kind => kind is NatKind.None or NatKind.FullCone);
    }

    /// <summary>What a kind is called.</summary>
    public static string NameOf(NatKind kind) =>
        kind switch
        {
            NatKind.None => "none",
            NatKind.FullCone => "full cone",
            NatKind.PortRestricted => "port-restricted",
            NatKind.Symmetric => "symmetric",
            NatKind.Twofold => "double",
            _ => "UDP blocked",
        };

    /// <summary>What a way of mapping ports is called.</summary>
    public static string NameOf(NatMapping mapping) => mapping == NatMapping.Pcp ? "PCP" : "UPnP";

    /// <summary>The table of the document: what happens without a TURN server, and "TURN" where one is needed.</summary>
    public static string Table()
    {
        var text = new StringBuilder();
        text.Append("| |").AppendJoin('|', Kinds.Select(kind => $" {NameOf(kind)} ")).Append("|\n");
        text.Append("| --- |").AppendJoin('|', Kinds.Select(_ => " --- ")).Append("|\n");
        foreach (var row in Kinds)
        {
            text.Append($"| {NameOf(row)} |")
                .AppendJoin(
                    '|',
                    Kinds.Select(column =>
                        IsDirect(new NatCell(row, column, HasTurn: false)) ? " direct " : " TURN "
                    )
                )
                .Append("|\n");
        }

        return text.ToString();
    }
}
