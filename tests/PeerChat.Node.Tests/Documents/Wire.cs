using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PeerChat.Node.Control;

namespace PeerChat.Node.Tests.Documents;

/// <summary>Everything that goes over the wire, found from the record types.</summary>
internal static class Wire
{
    /// <summary>Commands of the node, by their names, which are the methods.</summary>
    public static IReadOnlyList<(string Name, JsonTypeInfo Shape)> Commands { get; } =
        Derived(SurfaceJson.Strict, SurfaceJson.Strict.NodeCommand);

    /// <summary>Events by their names.</summary>
    public static IReadOnlyList<(string Name, JsonTypeInfo Shape)> Events { get; } =
        Derived(SurfaceJson.Wire, SurfaceJson.Wire.NodeEvent);

    /// <summary>Replies by their names.</summary>
    public static IReadOnlyList<(string Name, JsonTypeInfo Shape)> Replies { get; } =
        Derived(SurfaceJson.Wire, SurfaceJson.Wire.NodeReply);

    /// <summary>Which reply answers a command; all others are answered by <c>done</c>.</summary>
    public static IReadOnlyDictionary<Type, Type> Answers { get; } =
        new Dictionary<Type, Type>
        {
            [typeof(NodeCommand.JoinPeer)] = typeof(NodeReply.Opened),
            [typeof(NodeCommand.JoinRoom)] = typeof(NodeReply.Opened),
            [typeof(NodeCommand.SendText)] = typeof(NodeReply.Accepted),
            [typeof(NodeCommand.LoadHistory)] = typeof(NodeReply.History),
            [typeof(NodeCommand.ListChats)] = typeof(NodeReply.Chats),
            [typeof(NodeCommand.ListContacts)] = typeof(NodeReply.Contacts),
            [typeof(NodeCommand.ListRequests)] = typeof(NodeReply.Requests),
            [typeof(NodeCommand.FindMessage)] = typeof(NodeReply.Found),
            [typeof(NodeCommand.GetStatus)] = typeof(NodeReply.Status),
        };

    /// <summary>The methods of the protocol itself, with the constant that names each.</summary>
    public static IReadOnlyList<ProtocolMethod> Methods { get; } =
    [
        new(RpcMethod.Hello, nameof(RpcMethod.Hello), RpcJson.Wire.HelloParams, RpcJson.Wire.HelloResult),
        new(
            RpcMethod.Subscribe,
            nameof(RpcMethod.Subscribe),
            RpcJson.Wire.SubscribeParams,
            RpcJson.Wire.SubscribeResult
        ),
        new(
            RpcMethod.Unsubscribe,
            nameof(RpcMethod.Unsubscribe),
            RpcJson.Wire.NoParams,
            RpcJson.Wire.NoParams
        ),
        new(RpcMethod.Ping, nameof(RpcMethod.Ping), RpcJson.Wire.NoParams, RpcJson.Wire.NoParams),
        new(RpcMethod.Methods, nameof(RpcMethod.Methods), RpcJson.Wire.NoParams, RpcJson.Wire.StringArray),
        new(
            RpcMethod.HandOver,
            nameof(RpcMethod.HandOver),
            RpcJson.Wire.HandOverParams,
            RpcJson.Wire.NoParams
        ),
        new(RpcMethod.Goodbye, nameof(RpcMethod.Goodbye), RpcJson.Wire.NoParams, RpcJson.Wire.NoParams),
    ];

    /// <summary>Records that stand inside others.</summary>
    public static IReadOnlyList<Type> Values { get; } =
    [
        .. Reachable()
            .Where(type => !type.IsEnum && type.DeclaringType is null)
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    /// <summary>Enumerations.</summary>
    public static IReadOnlyList<Type> Enumerations { get; } =
    [.. Reachable().Where(type => type.IsEnum).OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>What types are called on the wire, by their full names in comments.</summary>
    public static IReadOnlyDictionary<string, string> Names { get; } =
        Commands
            .Concat(Events)
            .Concat(Replies)
            .ToDictionary(pair => pair.Shape.Type.FullName!.Replace('+', '.'), pair => pair.Name);

    /// <summary>The shape of a type, for reading what the node says.</summary>
    public static JsonTypeInfo ShapeOf(Type type) => SurfaceJson.Wire.GetTypeInfo(type)!;

    /// <summary>The value of an enumeration as it is written.</summary>
    public static string NameOf(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The type inside a nullable one or a list.</summary>
    public static Type Core(Type type) =>
        type.IsArray ? Core(type.GetElementType()!)
        : Nullable.GetUnderlyingType(type) is { } inner ? inner
        : type;

    private static List<(string, JsonTypeInfo)> Derived(SurfaceJson json, JsonTypeInfo shape) =>
        [
            .. shape.PolymorphismOptions!.DerivedTypes.Select(derived =>
                ((string)derived.TypeDiscriminator!, json.GetTypeInfo(derived.DerivedType)!)
            ),
        ];

    private static HashSet<Type> Reachable()
    {
        var found = new HashSet<Type> { typeof(RefusalCode) }; // stands in the data of an error
        var open = new Queue<JsonTypeInfo>(
            Commands.Concat(Events).Concat(Replies).Select(pair => pair.Shape)
        );
        while (open.TryDequeue(out var shape))
        {
            foreach (var type in shape.Properties.Select(property => Core(property.PropertyType)))
            {
                if (type.Assembly == typeof(NodeCommand).Assembly && found.Add(type) && !type.IsEnum)
                {
                    open.Enqueue(ShapeOf(type));
                }
            }
        }

        return found;
    }
}
