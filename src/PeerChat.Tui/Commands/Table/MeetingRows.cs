using PeerChat.Node;

namespace PeerChat.Tui.Commands.Table;

/// <summary>Meeting by hand, a server of one's own, and what stands in the way.</summary>
internal static class MeetingRows
{
    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new(
            "offer",
            CommandGroup.People,
            "Meet with no service at all: make a code, and paste the other's answer."
        )
        {
            Help =
            [
                "Send the code to the other person by any way you trust: mail, another chat, read out. They run 'peerchat answer CODE' and send "
                    + "back what it prints; paste that here. Both become contacts. A code holds for ten minutes.",
            ],
            Parameters =
            [
                SharedParameters.Json,
                SharedParameters.Timeout("How long to wait for the answer.", TimeSpan.FromMinutes(10)),
            ],
            Examples = [new("peerchat offer", "Prints a code, then waits for the answer on standard input.")],
            ExitCodes = ExitCode.OfMeeting,
            Run = MeetCommands.RunOfferAsync,
            Methods = [typeof(NodeCommand.MakeOffer)],
            Slash =
            [
                new(
                    "/offer",
                    "",
                    "make a code with which somebody meets you without any service",
                    (chat, words) => words.Length == 0 && chat.AskOfNode(new NodeCommand.MakeOffer())
                ),
            ],
        },
        new("answer", CommandGroup.People, "Answer a code that somebody made with 'peerchat offer'.")
        {
            Help =
            [
                "Prints the answer, which goes back to the other person, and waits until they have pasted it. A letter that is wrong in the "
                    + "code is noticed.",
            ],
            Parameters =
            [
                new("CODE", ParameterKind.Text, "The code; without it, it is read from standard input."),
                SharedParameters.Json,
                SharedParameters.Timeout("How long to wait for the connection.", TimeSpan.FromMinutes(10)),
            ],
            Examples = [new("peerchat answer peerchat:offer/24g…", "Prints the answer for the other side.")],
            ExitCodes = ExitCode.OfMeeting,
            Run = MeetCommands.RunAnswerAsync,
            Methods = [typeof(NodeCommand.TakeCode)],
            Slash =
            [
                new(
                    "/answer",
                    "CODE",
                    "answer a code, or paste the answer to your own",
                    (chat, words) =>
                        words.Length > 0 && chat.AskOfNode(new NodeCommand.TakeCode(string.Concat(words)))
                ),
            ],
        },
        new(
            "doctor",
            CommandGroup.Running,
            "Look at the network, servers and services, and say what to change."
        )
        {
            Help =
            [
                "With a contact's name or a room it says how they were met, by which path, or what stands in the way. Ends with 6 where "
                    + "something does not work.",
            ],
            Parameters =
            [
                new("WHO", ParameterKind.Peer, "A contact or room; the whole network when left out.")
                {
                    Placeholder = "WHO",
                },
                SharedParameters.Json,
                SharedParameters.Timeout("How long servers may take to answer.", TimeSpan.FromSeconds(8)),
            ],
            Examples =
            [
                new("peerchat doctor", "Everything, a line each, with what to change."),
                new("peerchat doctor bob --json", "One contact, for a program."),
            ],
            ExitCodes = ExitCode.OfMeeting,
            Run = DoctorCommand.RunAsync,
            Methods = [typeof(NodeCommand.Diagnose)],
            Slash =
            [
                new(
                    "/why",
                    "[WHO]",
                    "how somebody is connected, or what stands in the way",
                    (chat, words) =>
                        words.Length switch
                        {
                            0 => chat.AskOfChat(here => new NodeCommand.Diagnose(here)),
                            1 => chat.AskOfNode(new NodeCommand.Diagnose(words[0])),
                            _ => false,
                        }
                ),
                new(
                    "/doctor",
                    "",
                    "look at the network, servers and services",
                    (chat, words) => words.Length == 0 && chat.AskOfNode(new NodeCommand.Diagnose())
                ),
            ],
        },
    ];
}
