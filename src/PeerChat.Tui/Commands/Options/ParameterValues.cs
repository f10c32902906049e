using PeerChat.Node.Profiles;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands.Options;

/// <summary>What values parameters can have.</summary>
internal static class ParameterValues
{
    /// <summary>Why a parameter cannot have a value, as a sentence; null where it can.</summary>
    public static string? Problem(Parameter parameter, string text)
    {
        // A message has limits of its own
        if (parameter is { IsPositional: true, Kind: ParameterKind.Text })
        {
            return null;
        }

        var type = TypeOf(parameter);
        return type.Accepts(text)
            ? null
            : Words.Of($"{parameter.Name} must be {Words.FromNode(type.Allowed)}, not '{text}'.");
    }

    /// <summary>What one value may be.</summary>
    public static ConfigType TypeOf(Parameter parameter) =>
        parameter.Kind switch
        {
            ParameterKind.Flag => ConfigType.YesNo,
            ParameterKind.Number => ConfigType.Number(parameter.Minimum, parameter.Maximum),
            ParameterKind.Time => ConfigType.Time,
            ParameterKind.Choice => ConfigType.Choice([.. parameter.Choices]),
            ParameterKind.StunServer => ConfigServers.Stun,
            ParameterKind.TurnServer => ConfigServers.Turn,
            ParameterKind.Rungs => ConfigServices.Rungs,
            ParameterKind.PeerServer => ConfigServices.PeerServer,
            ParameterKind.Tracker => ConfigServices.Tracker,
            _ => ConfigType.Text,
        };

    /// <summary>A flag as it is written.</summary>
    public static string FormatFlag(bool value) => value ? "yes" : "no";
}
