using PeerChat.Node.Profiles;
using PeerChat.Tui.Commands.Table;

namespace PeerChat.Tui.Commands.Options;

/// <summary>The configuration keys: one for each option of the table.</summary>
internal static class ConfigurationKeys
{
    private static readonly Lazy<ConfigKeyList> Made = new(() => new ConfigKeyList(FromTable()));

    /// <summary>The node's own keys and those of the options, each by itself and for each command that takes it.</summary>
    public static ConfigKeyList All => Made.Value;

    /// <summary>The environment variable of a key: <c>send.wait</c> is <c>PEERCHAT_SEND_WAIT</c>.</summary>
    public static string VariableOf(string key, Parameter? parameter = null) =>
        parameter?.OwnVariable ?? "PEERCHAT_" + key.ToUpperInvariant().Replace('.', '_').Replace('-', '_');

    private static IEnumerable<ConfigKey> FromTable() =>
        CommandTable
            .All.Where(row => row.IsVerb && !row.IsHidden)
            .SelectMany(
                row => row.AllParameters,
                (row, parameter) => (Key: row.KeyOf(parameter), Parameter: parameter)
            )
            .Where(pair => pair.Key is not null)
            .SelectMany(pair => Make(pair.Key!, pair.Parameter))
            .DistinctBy(key => key.Name, StringComparer.Ordinal);

    private static IEnumerable<ConfigKey> Make(string name, Parameter parameter)
    {
        if (parameter.FallbackKey is { } general)
        {
            yield return MakeOne(general, parameter with { FallbackKey = null });
        }

        yield return MakeOne(name, parameter);
    }

    private static ConfigKey MakeOne(string name, Parameter parameter)
    {
        var type = ParameterValues.TypeOf(parameter);
        return new ConfigKey(name, parameter.IsRepeatable ? ConfigType.ListOf(type) : type, parameter.Help)
        {
            Default = parameter.Default,
            Variable = VariableOf(name, parameter),
            NeedsRestart = parameter.NeedsRestart,
            Fallback = parameter.FallbackKey,
        };
    }
}
