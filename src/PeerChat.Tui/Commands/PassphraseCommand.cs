using PeerChat.Node;
using PeerChat.Terminal.Host;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat passphrase</c>: what protects the keys on this disk. Works beside a running PeerChat.</summary>
internal static class PassphraseCommand
{
    /// <summary>What can be done, in the order of the help.</summary>
    public static IReadOnlyList<string> Actions { get; } = ["set", "change", "remove"];

    /// <summary>Runs it.</summary>
    public static int Run(Call call)
    {
        var options = call.ToNodeOptions();
        var name = ProfileReader.Locate(options).Name;
        var made = new PassphraseSource(call.Text("--new-passphrase-file"), SecretLine.Ask);
        var isProtected = ProfileKeys.AreProtected(options);
        switch (call.Text("ACTION"))
        {
            case "set" when isProtected:
                throw Refused(
                    Words.Of(
                        $"A passphrase protects the keys of {name} already; 'peerchat passphrase change' changes it."
                    )
                );
            case "change" or "remove" when !isProtected:
                throw Refused(
                    Words.Of(
                        $"No passphrase protects the keys of {name}; 'peerchat passphrase set' sets one."
                    )
                );
            case "set" or "change":
                ProfileKeys.Protect(options, made.New);
                return Tell(
                    call,
                    name,
                    isProtected: true,
                    Words.Of(
                        $"A passphrase protects the keys of {name} from now on. Nobody can recover it: without it the history and the identity are lost."
                    )
                );
            case "remove":
                ProfileKeys.Protect(options, () => []);
                return Tell(
                    call,
                    name,
                    isProtected: false,
                    Words.Of(
                        $"No passphrase protects the keys of {name} any more: who has this disk can read everything."
                    )
                );
            default:
                return Tell(
                    call,
                    name,
                    isProtected,
                    isProtected
                        ? Words.Of(
                            $"A passphrase protects the keys of {name}; 'peerchat passphrase change' and 'remove' ask for it."
                        )
                        : Words.Of(
                            $"No passphrase protects the keys of {name}: who has this disk can read everything. 'peerchat passphrase set' sets one."
                        )
                );
        }
    }

    private static int Tell(Call call, string name, bool isProtected, string sentence)
    {
        Console.Out.WriteLine(
            call.Flag("--json") ? JsonWriter.FormatProtection(name, isProtected) : sentence
        );
        return ExitCode.Done;
    }

    private static CommandFailedException Refused(string sentence) => new(ExitCode.Refused, sentence);
}
