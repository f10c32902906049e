namespace PeerChat.Node.Transport;

/// <summary>The network interfaces that the user lets PeerChat use.</summary>
/// <remarks>
/// Without a choice all that are up, loopback among them: it serves peers on the same machine, also where the
/// machine has no network or its firewall stands between two of its own processes.
/// </remarks>
internal sealed class InterfaceSelection
{
    /// <summary>The name that means the loopback interface on every system.</summary>
    public const string LoopbackAlias = "loopback";

    private readonly HashSet<string>? _names;

    private InterfaceSelection(HashSet<string>? names, bool isLoopbackOnly)
    {
        _names = names;
        IsLoopbackOnly = isLoopbackOnly;
    }

    /// <summary>All interfaces.</summary>
    public static InterfaceSelection All { get; } = new(names: null, isLoopbackOnly: false);

    /// <summary>Whether the user named interfaces; then nothing may leave by any other.</summary>
    public bool IsRestricted => _names is not null;

    /// <summary>Whether nothing may leave this machine.</summary>
    public bool IsLoopbackOnly { get; }

    /// <summary>Reads the user's choice.</summary>
    /// <param name="options">The values of <c>--interface</c>; they win over the environment.</param>
    /// <param name="environment">The value of PEERCHAT_INTERFACES: names with commas or spaces between.</param>
    /// <param name="existing">The machine's interfaces, whether up or not.</param>
    /// <param name="selection">The choice.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParse(
        IReadOnlyList<string> options,
        string? environment,
        IReadOnlyList<LocalInterface> existing,
        out InterfaceSelection selection,
        out InterfaceFault? fault
    )
    {
        selection = All;
        fault = null;
        var wanted = (options.Count > 0 ? options : [environment ?? ""])
            .SelectMany(each => each.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        if (wanted.Count == 0)
        {
            return true;
        }

        var chosen = existing.Where(each => wanted.Exists(name => Fits(name, each))).ToList();
        var unknown = wanted
            .Where(name => !existing.Any(each => Fits(name, each)))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (unknown.Count > 0)
        {
            fault = new InterfaceFault(unknown, [.. existing.Select(each => each.Name)]);
            return false;
        }

        selection = new InterfaceSelection(
            chosen.Select(each => each.Name).ToHashSet(StringComparer.Ordinal),
            chosen.TrueForAll(each => each.IsLoopback)
        );
        return true;
    }

    /// <summary>The chosen interfaces that are up now and have an address.</summary>
    public IReadOnlyList<LocalInterface> Enumerate() => Choose(LocalInterface.List());

    /// <summary>Those of the given interfaces that are chosen, up and have an address.</summary>
    public IReadOnlyList<LocalInterface> Choose(IReadOnlyList<LocalInterface> existing) =>
        [
            .. existing
                .Where(each => each.IsUp && each.Addresses.Count > 0 && each.Index > 0)
                .Where(each => _names is null || _names.Contains(each.Name))
                .Take(LocalInterface.MaxInterfaces),
        ];

    private static bool Fits(string name, LocalInterface candidate) =>
        string.Equals(name, candidate.Name, NameComparison)
        || (candidate.IsLoopback && string.Equals(name, LoopbackAlias, StringComparison.OrdinalIgnoreCase));

    // "Ethernet" and "ethernet" are one on Windows only.
    private static StringComparison NameComparison =>
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
}
