using System.Text.RegularExpressions;
using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat wait-for</c>: ends when somebody is there, a message came or one's own was delivered.</summary>
internal static class WaitForCommand
{
    /// <summary>The longest expression, in characters: nobody writes a longer one by hand.</summary>
    public const int MaxPatternLength = 1000;

    /// <summary>How long one text may be matched: the expression runs in linear time, so only a fault takes longer.</summary>
    private static readonly TimeSpan MatchPatience = TimeSpan.FromSeconds(1);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var (person, pattern, message) = (
            call.Text("--peer-online"),
            call.Text("--message"),
            call.Text("--delivered")
        );
        if (new[] { person, pattern, message }.Count(text => text is not null) != 1)
        {
            throw new UsageException(
                Words.Of("Say one of --peer-online PEER, --message REGEX and --delivered MESSAGE-ID.")
            );
        }

        var expression = pattern is null ? null : Compile(pattern);
        var (from, room) = call.OneOf(
            "--from",
            "--room",
            Words.Of("Say --from PEER or --room ROOM, not both.")
        );
        var target =
            person is not null ? new ChatTarget(person, null, null)
            : pattern is not null && (from ?? room) is not null
                ? new ChatTarget(from, room?.TrimStart('#'), null)
            : null;
        var options = call.ToNodeOptions() with
        {
            AcceptAny = call.Flag("--accept-any"),
            Accept = call.List("--accept"),
            ReleaseOutboxUnasked = true,
            Announce = AnnouncePolicy.Always,
        };
        using var deadline = new Deadline(call.Time("--timeout"), cancellation);
        await using var node = await NodeFace.OpenAsync(options, new FaceOptions("wait-for"), cancellation);
        IEventWriter writer = call.Flag("--json") ? new JsonWriter(Console.Out) : new LineWriter(Console.Out);
        var waiting = new Waiting(node, target, writer);
        try
        {
            return message is not null ? await waiting.ForDeliveryAsync(message, deadline.Token)
                : expression is not null ? await waiting.ForMessageAsync(expression, deadline.Token)
                : await waiting.ForPersonAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            PeerChatCommandLine.Say(
                Words.Of($"What was waited for did not happen within {Timeouts.Format(deadline.Limit)}.")
            );
            return ExitCode.NobodyFound;
        }
    }

    /// <summary>Makes the expression; it runs in linear time, whatever it and the text are.</summary>
    /// <exception cref="UsageException">It is none, or one that cannot run so.</exception>
    public static Regex Compile(string pattern)
    {
        if (pattern.Length > MaxPatternLength)
        {
            throw new UsageException(
                Words.Of(
                    $"The expression has {pattern.Length:N0} characters; {MaxPatternLength:N0} can be at most."
                )
            );
        }

        try
        {
            return new Regex(
                pattern,
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant,
                MatchPatience
            );
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new UsageException(
                Words.Of($"'{pattern}' is no expression that can be used: {wrong.Message.TrimEnd('.')}.")
            );
        }
    }
}
