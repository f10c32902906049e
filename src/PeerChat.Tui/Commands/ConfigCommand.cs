using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Tui.Commands.Options;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Settings;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat config</c>: shows and changes the configuration file.</summary>
/// <param name="keys">The keys there are.</param>
/// <param name="path">The configuration file; it need not exist.</param>
/// <param name="output">What was asked for.</param>
/// <param name="errors">What to know beside it.</param>
/// <param name="variable">The environment.</param>
internal sealed class ConfigCommand(
    ConfigKeyList keys,
    string path,
    TextWriter output,
    TextWriter errors,
    Func<string, string?> variable
)
{
    /// <summary>What can be done, in the order of the help.</summary>
    public static IReadOnlyList<string> Verbs { get; } =
    ["get", "set", "unset", "list", "explain", "path", "edit", "example"];

    /// <summary>Flags that were given on the command line, by the name of their key.</summary>
    public IReadOnlyDictionary<string, string> Flags { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether settings are written as JSON lines.</summary>
    public bool Json { get; init; }

    /// <summary>Opens a file in the user's editor; its exit code comes back.</summary>
    public Func<string, Task<int>> OpenEditor { get; init; } = TextEditor.OpenAsync;

    /// <summary>Runs it from the command line.</summary>
    public static Task<int> RunAsync(Call call) =>
        new ConfigCommand(
            ConfigurationKeys.All,
            ProfileLocation.Current().ConfigPath,
            Console.Out,
            Console.Error,
            Environment.GetEnvironmentVariable
        )
        {
            Json = call.Flag("--json"),
            Flags = SharedParameters
                .Profile.Select(parameter => (parameter.Name, Value: call.Value(parameter.Name)))
                .Where(flag => flag.Value.Source == OptionSource.CommandLine)
                .ToDictionary(
                    flag => flag.Name[2..],
                    flag => string.Join(", ", flag.Value.Values),
                    StringComparer.Ordinal
                ),
        }.RunAsync(
            call.Text("ACTION")!,
            [.. new[] { call.Text("KEY"), call.Text("VALUE") }.OfType<string>()]
        );

    /// <summary>Does it.</summary>
    /// <param name="verb">One of <see cref="Verbs"/>.</param>
    /// <param name="arguments">What follows it.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">It cannot be done so; the message is the sentence for the user.</exception>
    public async Task<int> RunAsync(string verb, IReadOnlyList<string> arguments)
    {
        try
        {
            switch (verb, arguments)
            {
                case ("get", []):
                    return Show(Lookup().All().Where(setting => setting.Source < SettingSource.Default));
                case ("get", [var name]):
                    return Get(Known(name));
                case ("set", [var name, var value]):
                    return Change(name, value);
                case ("unset", [var name]):
                    return Change(name, null);
                case ("list", []):
                    return Show(Lookup().All());
                case ("explain", []):
                    return Explain(Lookup().All());
                case ("explain", [var name]):
                    return Explain([Known(name)]);
                case ("path", []):
                    output.WriteLine(path);
                    return ExitCode.Done;
                case ("edit", []):
                    return await EditAsync();
                case ("example", []):
                    output.Write(ConfigExample.Text(keys));
                    return ExitCode.Done;
                default:
                    throw new UsageException(Wrong(verb));
            }
        }
        catch (StorageException failed)
        {
            errors.WriteLine("peerchat: " + Words.FromNode(failed.Message));
            return ExitCode.Storage;
        }
    }

    private static string Wrong(string verb) =>
        verb switch
        {
            "set" => Words.Of(
                "Say which key and what value: peerchat config set KEY VALUE (quote a value with blanks)."
            ),
            "unset" => Words.Of("Say which key: peerchat config unset KEY."),
            "get" or "explain" => Words.Of($"Say one key, or none for all: peerchat config {verb} [KEY]."),
            "list" or "path" or "edit" or "example" => Words.Of(
                $"peerchat config {verb} takes nothing more."
            ),
            _ => Words.Of($"There is no 'config {verb}'; there are {string.Join(", ", Verbs)}."),
        };

    private SettingLookup Lookup()
    {
        var file = ConfigFile.LoadForStart(path, keys);
        ConfigProblems.Write(file, path, errors);
        return new SettingLookup(keys, file, path, variable, Flags);
    }

    private Setting Known(string name) =>
        Lookup().Find(name)
        ?? throw new UsageException(
            Words.Of($"There is no key \"{name}\"; {Words.FromNode(keys.Hint(name))}")
        );

    private int Get(Setting setting)
    {
        if (setting.Value is not { } value)
        {
            errors.WriteLine(
                "peerchat: " + Words.Of($"{setting.Key.Name} is not set, and nothing is taken in its place.")
            );
            return ExitCode.NobodyFound;
        }

        output.WriteLine(Json ? SettingWriter.Json(setting) : value);
        return ExitCode.Done;
    }

    private int Show(IEnumerable<Setting> settings)
    {
        foreach (var setting in settings)
        {
            output.WriteLine(Json ? SettingWriter.Json(setting) : SettingWriter.Line(setting));
        }

        return ExitCode.Done;
    }

    private int Explain(IEnumerable<Setting> settings)
    {
        if (Json)
        {
            return Show(settings);
        }

        var isFirst = true;
        foreach (var setting in settings)
        {
            if (!isFirst)
            {
                output.WriteLine();
            }

            isFirst = false;
            foreach (var line in SettingWriter.Explanation(setting))
            {
                output.WriteLine(line);
            }
        }

        return ExitCode.Done;
    }

    private int Change(string name, string? value)
    {
        if (keys.Find(name) is not { } key)
        {
            throw new UsageException(
                Words.Of($"There is no key \"{name}\"; {Words.FromNode(keys.Hint(name))}")
            );
        }

        try
        {
            ConfigFile.Update(path, keys, file => file.Set(name, value));
        }
        catch (ConfigException wrong)
        {
            throw new UsageException(wrong.Message);
        }

        if (key.NeedsRestart)
        {
            errors.WriteLine(
                "peerchat: "
                    + Words.Of(
                        $"{key.Name} counts from the next start on; a running PeerChat goes on as before."
                    )
            );
        }

        if (key.Variable is { } stronger && variable(stronger) is { Length: > 0 })
        {
            errors.WriteLine(
                "peerchat: "
                    + Words.Of($"the environment variable {stronger} is set and counts before the file.")
            );
        }

        return ExitCode.Done;
    }

    private async Task<int> EditAsync()
    {
        // Who edits for the first time finds every key explained; a file that is there stays as it is.
        ConfigFile.Create(path, ConfigExample.Text(keys));
        if (await OpenEditor(path) is not 0 and var code)
        {
            errors.WriteLine(
                "peerchat: " + Words.Of($"the editor ended with code {code}; the file is {path}.")
            );
            return ExitCode.Usage;
        }

        ConfigProblems.Write(ConfigFile.LoadForStart(path, keys), path, errors);
        return ExitCode.Done;
    }
}
