using System.Text;
using System.Xml;

namespace PeerChat.WebRtc.PortMapping;

/// <summary>Reads XML of a gateway in one pass: bounded in size and depth, without DTDs, entities or anything fetched.</summary>
internal static class GatewayXml
{
    /// <summary>So much text of one element is kept; addresses, ports and URLs are shorter.</summary>
    private const int MaxText = PortMappingLimits.MaxUrlLength;

    /// <summary>Walks through; false where it is not well-formed, too large or too deep.</summary>
    /// <param name="source">UTF-8.</param>
    /// <param name="onText">Takes the local name and text of each element that has text alone.</param>
    /// <param name="onEnd">Takes the local name of each element that ends.</param>
    public static bool TryRead(ReadOnlySpan<byte> source, Action<string, string> onText, Action<string> onEnd)
    {
        if (source.Length > PortMappingLimits.MaxHttpBody)
        {
            return false;
        }

        try
        {
            using var text = new StringReader(Encoding.UTF8.GetString(source).TrimStart('\uFEFF').Trim());
            using var reader = XmlReader.Create(
                text,
                new XmlReaderSettings
                {
                    DtdProcessing = DtdProcessing.Prohibit,
                    XmlResolver = null,
                    IgnoreComments = true,
                    IgnoreProcessingInstructions = true,
                    IgnoreWhitespace = true,
                    MaxCharactersInDocument = PortMappingLimits.MaxHttpBody,
                }
            );
            var open = "";
            while (reader.Read())
            {
                if (reader.Depth > PortMappingLimits.MaxXmlDepth)
                {
                    return false;
                }

                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        open = reader.LocalName;
                        if (reader.IsEmptyElement)
                        {
                            onEnd(open);
                            open = "";
                        }

                        break;
                    case XmlNodeType.Text
                    or XmlNodeType.CDATA when open.Length > 0 && reader.Value.Length <= MaxText:
                        onText(open, reader.Value.Trim());
                        break;
                    case XmlNodeType.EndElement:
                        onEnd(reader.LocalName);
                        open = "";
                        break;
                    default:
                        break;
                }
            }

            return true;
        }
        catch (XmlException)
        {
            return false; // not XML, or with what is forbidden: the caller says so
        }
    }
}
