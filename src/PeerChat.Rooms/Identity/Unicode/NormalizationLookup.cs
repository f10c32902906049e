namespace PeerChat.Rooms.Identity.Unicode;

/// <summary>Finds code points in <see cref="NormalizationTables"/>.</summary>
internal static class NormalizationLookup
{
    private static readonly Dictionary<(int First, int Second), int> Composites = ReadComposites();

    /// <summary>The canonical decomposition of one step; the second is 0 when there is only one.</summary>
    internal static bool TryDecompose(int point, out int first, out int second)
    {
        var table = NormalizationTables.Decompositions;
        var (low, high) = (0, (table.Length / 3) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = table[middle * 3] & ~NormalizationTables.ExcludedFromComposition;
            if (found == point)
            {
                first = table[(middle * 3) + 1];
                second = table[(middle * 3) + 2];
                return true;
            }

            (low, high) = found < point ? (middle + 1, high) : (low, middle - 1);
        }

        (first, second) = (0, 0);
        return false;
    }

    /// <summary>The primary composite of two code points.</summary>
    internal static bool TryCompose(int first, int second, out int composite) =>
        Composites.TryGetValue((first, second), out composite);

    /// <summary>Canonical_Combining_Class; 0 for starters.</summary>
    internal static int ClassOf(int point)
    {
        var table = NormalizationTables.CombiningClasses;
        var (low, high) = (0, (table.Length / 3) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (point < table[middle * 3])
            {
                high = middle - 1;
            }
            else if (point > table[(middle * 3) + 1])
            {
                low = middle + 1;
            }
            else
            {
                return table[(middle * 3) + 2];
            }
        }

        return 0;
    }

    private static Dictionary<(int First, int Second), int> ReadComposites()
    {
        var table = NormalizationTables.Decompositions;
        var composites = new Dictionary<(int First, int Second), int>();
        for (var i = 0; i < table.Length; i += 3)
        {
            if ((table[i] & NormalizationTables.ExcludedFromComposition) == 0)
            {
                composites.Add((table[i + 1], table[i + 2]), table[i]);
            }
        }

        return composites;
    }
}
