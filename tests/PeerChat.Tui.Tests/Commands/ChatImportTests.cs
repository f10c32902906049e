using System.Threading.Channels;
using PeerChat.Node;
using PeerChat.Tui.Commands;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Commands;

/// <summary>Exports written and read back, and files that are none.</summary>
public sealed class ChatImportTests : IDisposable
{
    private static readonly ChatMessage Hello = new(
        "#dev",
        "11",
        "alice",
        "",
        true,
        "hello \u001b[2J\nworld",
        1_700_000_000_123,
        DeliveryState.Delivered,
        1,
        1
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("peerchat-export").FullName;
    private readonly TakingNode _node = new();

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_written_is_read_back_page_by_page()
    {
        var path = Path.Combine(_folder, "dev.jsonl");
        var told = new List<int>();
        var (chat, count) = await ChatExport.ToFileAsync(
            path,
            overwrite: false,
            isJson: true,
            after =>
                Task.FromResult(
                    after is null
                        ? new NodeReply.ExportPage("#dev", "dev", [Hello], "next")
                        : new NodeReply.ExportPage(
                            "#dev",
                            "dev",
                            [
                                Hello with
                                {
                                    Id = "22",
                                    Content = MessageContent.Recalled,
                                },
                                Hello with
                                {
                                    Id = "outbox-1",
                                    State = DeliveryState.Queued,
                                },
                                Hello with
                                {
                                    Id = "33",
                                    IsEdited = true,
                                },
                                Hello with
                                {
                                    Id = "44",
                                    Content = MessageContent.File,
                                    Text = "report.pdf",
                                },
                            ],
                            null
                        )
                ),
            told.Add
        );

        (chat, count).ShouldBe(("#dev", 5));
        told.ShouldBe([1, 5]);
        (await Import(path, null)).ShouldBe(new NodeReply.MessagesImported("#dev", 3, 0, 0));
        _node.Taken.ShouldBe([
            new ImportedMessage("11", "alice", 1_700_000_000_123, Hello.Text),
            new ImportedMessage("33", "alice", 1_700_000_000_123, Hello.Text, IsEdited: true),
            new ImportedMessage("44", "alice", 1_700_000_000_123, "report.pdf", IsFile: true),
        ]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task A_file_that_is_there_stays_and_a_failed_export_leaves_none()
    {
        var path = Path.Combine(_folder, "dev.txt");
        await File.WriteAllTextAsync(path, "mine", TestContext.Current.CancellationToken);
        var refused = await Should.ThrowAsync<NodeStartException>(() =>
            ChatExport.ToFileAsync(path, false, false, _ => throw new InvalidOperationException(), _ => { })
        );
        refused.Message.ShouldContain("--force");
        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldBe("mine");

        await Should.ThrowAsync<CommandFailedException>(() =>
            ChatExport.ToFileAsync(
                path,
                true,
                false,
                _ => throw new CommandFailedException(ExitCode.Usage, "no such chat"),
                _ => { }
            )
        );
        Directory.GetFiles(_folder).ShouldBe([path]);
        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldBe("mine");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("{\"v\":1,\"type\":\"message\"}")]
    [InlineData("{\"v\":1,\"type\":\"export\"}")]
    public async Task A_file_that_is_no_export_is_said_to_be_none(string content)
    {
        var failed = await Should.ThrowAsync<CommandFailedException>(() => Import(Write(content), null));
        failed.Code.ShouldBe(ExitCode.Usage);
        failed.Message.ShouldContain("is no export in JSON");
        _node.Taken.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{\"type\":\"message\",\"content\":\"text\",\"id\":\"1\"}")]
    [InlineData("{\"type\":\"message\",\"content\":\"text\",\"id\":\"1\",\"text\":\"\\ud800\"}")]
    [InlineData("{\"type\":\"mess")]
    public async Task A_damaged_line_is_named(string line)
    {
        var failed = await Should.ThrowAsync<CommandFailedException>(() =>
            Import(
                Write("{\"v\":1,\"type\":\"export\",\"room\":\"#dev\"}\n" + line + "\n{\"type\":\"end\"}\n"),
                null
            )
        );
        failed.Message.ShouldContain("Line 2 of");
    }

    [Fact]
    public async Task Of_a_file_that_was_cut_off_what_is_whole_is_taken_and_the_user_is_told()
    {
        var start = "{\"v\":1,\"type\":\"export\",\"room\":\"#dev\"}\n";
        var message =
            "{\"type\":\"message\",\"content\":\"text\",\"id\":\"1\",\"text\":\"t\",\"sentAt\":\"2026-01-01T00:00:00Z\",\"from\":{\"name\":\"a\"}}\n";
        var failed = await Should.ThrowAsync<CommandFailedException>(() =>
            Import(Write(start + message), null)
        );
        failed.Message.ShouldContain("was cut off");
        _node.Taken.ShouldHaveSingleItem().Text.ShouldBe("t");
    }

    [Fact]
    public async Task A_line_without_an_end_is_not_read_into_memory()
    {
        var path = Write(new string('x', ExportFile.MaxLine + 20_000));
        (await Should.ThrowAsync<NodeStartException>(() => Import(path, null))).Message.ShouldContain(
            "longer than any"
        );
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var path = Path.Combine(_folder, "none");
        (await Should.ThrowAsync<NodeStartException>(() => Import(path, null))).Message.ShouldBe(
            $"There is nothing at {path}; check the path."
        );
    }

    [Fact]
    public async Task Many_messages_go_in_parts_that_fit_a_line_of_the_control_socket()
    {
        var lines = Enumerable
            .Range(0, 1_200)
            .Select(i =>
                $"{{\"type\":\"message\",\"content\":\"text\",\"id\":\"{i}\",\"text\":\"{new string('x', i % 400)}\",\"sentAt\":\"2026-01-01T00:00:00Z\",\"from\":{{\"name\":\"a\"}}}}\n"
            );
        var path = Write(
            "{\"v\":1,\"type\":\"export\",\"room\":\"#dev\"}\n"
                + string.Concat(lines)
                + "{\"type\":\"end\"}\n"
        );
        (await Import(path, "ops")).Added.ShouldBe(1_200);
        _node.Chats.ShouldAllBe(chat => chat == "ops");
        _node.Sizes.ShouldAllBe(size => size <= 500);
        _node.Sizes.Count.ShouldBeGreaterThan(2);
    }

    private string Write(string content)
    {
        var path = Path.Combine(_folder, "file.jsonl");
        File.WriteAllText(path, content);
        return path;
    }

    private Task<NodeReply.MessagesImported> Import(string path, string? chat) =>
        ChatImport.RunAsync(_node, path, chat, _ => { }, TestContext.Current.CancellationToken);

    /// <summary>Takes everything.</summary>
    private sealed class TakingNode : IPeerChatNode
    {
        public List<ImportedMessage> Taken { get; } = [];

        public List<string> Chats { get; } = [];

        public List<int> Sizes { get; } = [];

        public ChannelReader<NodeEvent> Events => throw new NotSupportedException();

        public void Post(NodeCommand command) => throw new NotSupportedException();

        public Task<NodeReply> AskAsync(NodeCommand command, CancellationToken cancellation = default)
        {
            var import = command.ShouldBeOfType<NodeCommand.ImportMessages>();
            Taken.AddRange(import.Messages);
            Chats.Add(import.Chat);
            Sizes.Add(import.Messages.Length);
            return Task.FromResult<NodeReply>(
                new NodeReply.MessagesImported(import.Chat, import.Messages.Length, 0, 0)
            );
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
