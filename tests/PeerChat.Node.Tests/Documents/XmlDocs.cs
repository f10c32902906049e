using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace PeerChat.Node.Tests.Documents;

/// <summary>The comments of the node's code, as the compiler wrote them beside the assembly.</summary>
internal sealed class XmlDocs
{
    private readonly Dictionary<string, XElement> _members;
    private readonly IReadOnlyDictionary<string, string> _wireNames;

    /// <summary>Reads them.</summary>
    /// <param name="wireNames">What a type is called on the wire, by the full name of the type.</param>
    public XmlDocs(IReadOnlyDictionary<string, string> wireNames)
    {
        _wireNames = wireNames;
        _members = XDocument
            .Load(Path.ChangeExtension(typeof(NodeCommand).Assembly.Location, ".xml"))
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);
    }

    /// <summary>What a type is.</summary>
    public string Summary(Type type) => Text($"T:{NameOf(type)}", "summary", type.Name);

    /// <summary>What a member of a record means.</summary>
    public string Member(Type type, string property)
    {
        var text = _members
            .GetValueOrDefault($"T:{NameOf(type)}")
            ?.Elements("param")
            .FirstOrDefault(param =>
                string.Equals(param.Attribute("name")!.Value, property, StringComparison.OrdinalIgnoreCase)
            );
        return text is not null
            ? Flatten(text)
            : throw new InvalidOperationException($"{type.Name}.{property} has no comment.");
    }

    /// <summary>What a value of an enumeration, or a constant, means.</summary>
    public string Field(Type type, string field) => Text($"F:{NameOf(type)}.{field}", "summary", field);

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private string Text(string member, string element, string name) =>
        _members.GetValueOrDefault(member)?.Element(element) is { } found
            ? Flatten(found)
            : throw new InvalidOperationException($"{name} has no comment.");

    private string Flatten(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(
                node switch
                {
                    XText words => words.Value,
                    XElement { Name.LocalName: "see" } see => $"`{Reference(see.Attribute("cref")!.Value)}`",
                    XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                    XElement inner => Flatten(inner),
                    _ => "",
                }
            );
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private string Reference(string cref)
    {
        var name = cref[2..];
        if (_wireNames.TryGetValue(name, out var wire))
        {
            return wire;
        }

        var parts = name.Split('.');
        return cref[0] switch
        {
            'P' => $"{JsonNamingPolicy.CamelCase.ConvertName(parts[^1])} of {parts[^2]}",
            'F' => JsonNamingPolicy.KebabCaseLower.ConvertName(parts[^1]),
            _ => parts[^1],
        };
    }
}
