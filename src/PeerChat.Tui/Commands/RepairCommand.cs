using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat repair</c>: a way out of a damaged history.</summary>
internal static class RepairCommand
{
    /// <summary>Looks at the history of the profile, and makes a new one of what is whole where it is damaged.</summary>
    public static int Run(Call call)
    {
        var report = ProfileRepair.Run(call.ToNodeOptions());
        if (call.Flag("--json"))
        {
            Console.Out.WriteLine(JsonLines.Of(report));
            return ExitCode.Done;
        }

        if (report.IsSound)
        {
            Console.Out.WriteLine(Words.Of("The history is sound; nothing was changed."));
            return ExitCode.Done;
        }

        Console.Out.WriteLine(
            Words.Of(
                $"Saved into a new history: {report.Contacts} contacts, {report.Rooms} rooms, {report.Entries} entries. Damaged were {report.DamagedRows} rows or more; {report.Dropped} entries behind gaps were left out."
            )
        );
        if (report.ContactsAreDamaged)
        {
            Console.Out.WriteLine(
                Words.Of(
                    $"The list of contacts was damaged. {report.RecoveredContacts} came back by the chats with them, without the names that you gave them, verification and blocks: look through them with peerchat contacts. Whom you had not chatted with may be missing; meet them again by link or name."
                )
            );
        }

        Console.Out.WriteLine(
            Words.Of(
                "What is missing comes again from the members of each chat when you meet. It goes on under new author keys, as after a restore."
            )
        );
        Console.Out.WriteLine(
            Words.Of($"The damaged file is kept as {report.KeptAs}; delete it when all is well.")
        );
        return ExitCode.Done;
    }
}
