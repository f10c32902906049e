namespace PeerChat.Benchmarks.Peers;

/// <summary>What the command line of <c>peers</c> says.</summary>
/// <param name="Only">The stacks to measure; none means all.</param>
/// <param name="Json">Whether each row is a JSON object on a line of its own.</param>
/// <param name="Rounds">How often each thing is measured; the medians count.</param>
/// <param name="Seconds">How long one bulk transfer may take.</param>
/// <param name="IsVeth">Whether a cable lies between the two sides instead of one host's own address; without the lossy rows.</param>
/// <param name="Opens">How many connections are opened one after the other.</param>
internal sealed record PeersOptions(
    IReadOnlyList<string> Only,
    bool Json,
    int Rounds = 5,
    int Seconds = 4,
    int Opens = 20,
    bool IsVeth = false
)
{
    /// <summary>Reads the arguments behind <c>peers</c>.</summary>
    public static bool TryParse(ReadOnlySpan<string> arguments, out PeersOptions options)
    {
        options = new PeersOptions([], Json: false);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--json")
            {
                options = options with { Json = true };
                continue;
            }

            if (i + 1 == arguments.Length)
            {
                return false;
            }

            var value = arguments[i + 1];
            var isNumber = int.TryParse(value, out var number) && number > 0;
            switch (arguments[i++])
            {
                case "--only":
                    options = options with { Only = value.Split(',') };
                    break;
                case "--path" when value is "loopback" or "veth":
                    options = options with { IsVeth = value == "veth" };
                    break;
                case "--rounds" when isNumber:
                    options = options with { Rounds = number };
                    break;
                case "--seconds" when isNumber:
                    options = options with { Seconds = number };
                    break;
                case "--opens" when isNumber:
                    options = options with { Opens = number };
                    break;
                default:
                    return false;
            }
        }

        var known = StackDefinition.All().Select(stack => stack.Name).ToHashSet(StringComparer.Ordinal);
        return options.Only.All(known.Contains);
    }
}
