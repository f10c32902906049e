using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc.Dtls.Extensions;

/// <summary>The extensions of a hello (RFC 5246 section 7.4.1.4). An absent one is null or false; order means nothing.</summary>
internal sealed record HelloExtensions
{
    /// <summary>uncompressed (RFC 8422 section 5.1.2).</summary>
    public const byte UncompressedPoint = 0;

    /// <summary>The most extensions in one hello; browsers send about twenty (guess).</summary>
    public const int MaxCount = 64;

    /// <summary>supported_groups.</summary>
    public ushort[]? Groups { get; init; }

    /// <summary>ec_point_formats.</summary>
    public byte[]? PointFormats { get; init; }

    /// <summary>signature_algorithms.</summary>
    public ushort[]? SignatureSchemes { get; init; }

    /// <summary>use_srtp.</summary>
    public UseSrtp? UseSrtp { get; init; }

    /// <summary>extended_master_secret.</summary>
    public bool ExtendedMasterSecret { get; init; }

    /// <summary>The content of renegotiation_info; empty in a first handshake.</summary>
    public byte[]? RenegotiatedConnection { get; init; }

    /// <summary>Whether there is an extension that this endpoint does not know, which it never offers.</summary>
    public bool HasUnknown { get; init; }

    /// <summary>Reads the rest of a hello: nothing, or a block of extensions without repetition.</summary>
    public static bool TryParse(
        ref SpanReader reader,
        bool isServerHello,
        [NotNullWhen(true)] out HelloExtensions? extensions
    )
    {
        extensions = null;
        var result = new HelloExtensions();
        if (reader.AtEnd)
        {
            extensions = result;
            return true;
        }

        if (!reader.TryReadVector16(out var block) || !reader.AtEnd)
        {
            return false;
        }

        Span<ushort> seen = stackalloc ushort[MaxCount];
        var count = 0;
        var entries = new SpanReader(block);
        while (!entries.AtEnd)
        {
            if (
                count == MaxCount
                || !entries.TryReadUInt16(out var type)
                || !entries.TryReadVector16(out var content)
                || seen[..count].Contains(type)
                || !TryApply(ref result, (ExtensionType)type, content, isServerHello)
            )
            {
                return false;
            }

            seen[count++] = type;
        }

        extensions = result;
        return true;
    }

    /// <summary>Writes the block with its length. A server without extensions writes nothing.</summary>
    public void Write(ref SpanWriter writer, bool isServerHello)
    {
        Span<byte> block = stackalloc byte[512];
        var inner = new SpanWriter(block);
        if (Groups is not null)
        {
            var start = Begin(ref inner, ExtensionType.SupportedGroups);
            inner.WriteNumbers16(Groups);
            End(ref inner, start);
        }

        if (PointFormats is not null)
        {
            var start = Begin(ref inner, ExtensionType.EcPointFormats);
            inner.WriteVector8(PointFormats);
            End(ref inner, start);
        }

        if (SignatureSchemes is not null)
        {
            var start = Begin(ref inner, ExtensionType.SignatureAlgorithms);
            inner.WriteNumbers16(SignatureSchemes);
            End(ref inner, start);
        }

        if (UseSrtp is not null)
        {
            var start = Begin(ref inner, ExtensionType.UseSrtp);
            UseSrtp.Write(ref inner);
            End(ref inner, start);
        }

        if (ExtendedMasterSecret)
        {
            var start = Begin(ref inner, ExtensionType.ExtendedMasterSecret);
            End(ref inner, start);
        }

        if (RenegotiatedConnection is not null)
        {
            var start = Begin(ref inner, ExtensionType.RenegotiationInfo);
            inner.WriteVector8(RenegotiatedConnection);
            End(ref inner, start);
        }

        if (inner.Position > 0 || !isServerHello)
        {
            writer.WriteVector16(inner.Written);
        }
    }

    private static bool TryApply(
        ref HelloExtensions result,
        ExtensionType type,
        ReadOnlySpan<byte> content,
        bool isServerHello
    )
    {
        switch (type)
        {
            case ExtensionType.SupportedGroups when !isServerHello:
                var groupsRead = TryReadNumberList(content, out var groups);
                result = result with { Groups = groups };
                return groupsRead;

            case ExtensionType.EcPointFormats:
                var formatReader = new SpanReader(content);
                var formatsRead = formatReader.TryReadVector8(out var formats) && formatReader.AtEnd;
                result = result with { PointFormats = formats.ToArray() };
                return formatsRead;

            case ExtensionType.SignatureAlgorithms when !isServerHello:
                var schemesRead = TryReadNumberList(content, out var schemes);
                result = result with { SignatureSchemes = schemes };
                return schemesRead;

            case ExtensionType.UseSrtp:
                var srtpRead = UseSrtp.TryParse(content, out var useSrtp);
                result = result with { UseSrtp = useSrtp };
                return srtpRead;

            case ExtensionType.ExtendedMasterSecret:
                result = result with { ExtendedMasterSecret = true };
                return content.IsEmpty;

            case ExtensionType.RenegotiationInfo:
                var infoReader = new SpanReader(content);
                var infoRead = infoReader.TryReadVector8(out var info) && infoReader.AtEnd;
                result = result with { RenegotiatedConnection = info.ToArray() };
                return infoRead;

            default:
                result = result with { HasUnknown = true };
                return true;
        }
    }

    private static bool TryReadNumberList(ReadOnlySpan<byte> content, out ushort[] numbers)
    {
        numbers = [];
        var reader = new SpanReader(content);
        return reader.TryReadVector16(out var bytes)
            && reader.AtEnd
            && WireVectors.TryReadNumbers(bytes, out numbers);
    }

    private static int Begin(ref SpanWriter writer, ExtensionType type)
    {
        writer.WriteUInt16((ushort)type);
        writer.WriteUInt16(0);
        return writer.Position;
    }

    private static void End(ref SpanWriter writer, int start) =>
        BinaryPrimitives.WriteUInt16BigEndian(
            writer.Written[(start - 2)..],
            (ushort)(writer.Position - start)
        );
}
