using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace PeerChat.Terminal.Cells;

/// <summary>An address that cells lead to, in the form that a terminal gets it in (OSC 8).</summary>
/// <remarks>
/// Printable ASCII alone, as the specification asks for ("Hyperlinks in terminal emulators", E. Koblinger): everything else is
/// percent-encoded, so that no address can end the sequence it stands in.
/// </remarks>
public sealed record Hyperlink
{
    /// <summary>Bytes of an address: VTE takes no more, and the specification names it as the limit to keep to.</summary>
    public const int MaxLength = 2083;

    private Hyperlink(string address) => Address = address;

    /// <summary>The address, percent-encoded.</summary>
    public string Address { get; }

    /// <summary>Tells the parts of one address in several rows that they belong together; the same for the same address.</summary>
    internal string Id
    {
        get
        {
            var hash = 2166136261u; // FNV-1a: must only differ between addresses that are in sight together
            foreach (var character in Address)
            {
                hash = unchecked((hash ^ character) * 16777619);
            }

            return hash.ToString("x8", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Makes one of a web address; false for other schemes and for what is too long.</summary>
    public static bool TryMake(string address, [NotNullWhen(true)] out Hyperlink? link)
    {
        ArgumentNullException.ThrowIfNull(address);
        link = null;
        if (
            address.Length > MaxLength
            || !(
                address.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
                || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            return false;
        }

        var encoded = new StringBuilder(address.Length);
        foreach (var value in Encoding.UTF8.GetBytes(address))
        {
            _ = value is > 0x20 and < 0x7F
                ? encoded.Append((char)value)
                : encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }

        link = encoded.Length <= MaxLength ? new Hyperlink(encoded.ToString()) : null;
        return link is not null;
    }
}
