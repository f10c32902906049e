using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Storage;

/// <summary>What is said of a file that the user named and that cannot be read or written.</summary>
public sealed class NamedFileTests : IDisposable
{
    private const int DiskFull = 28; // ENOSPC
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Writing_into_a_folder_that_is_not_there_names_the_folder()
    {
        var failed = await Should.ThrowAsync<NodeStartException>(() =>
            ExportFile.WriteAsync(_folder.In("nowhere/chat.jsonl"), overwrite: false, _ => Task.CompletedTask)
        );

        failed.Message.ShouldBe($"There is no folder {_folder.In("nowhere")}; check the path.");
    }

    [Fact]
    public void Reading_what_is_not_there_names_it() =>
        Should
            .Throw<NodeStartException>(() => ExportFile.ReadLines(_folder.In("chat.jsonl")).ToList())
            .Message.ShouldBe($"There is nothing at {_folder.In("chat.jsonl")}; check the path.");

    [Fact]
    public async Task What_a_write_that_failed_had_begun_is_gone_and_its_own_failure_is_told()
    {
        var path = _folder.In("chat.jsonl");

        var failed = await Should.ThrowAsync<NodeStartException>(() =>
            ExportFile.WriteAsync(path, overwrite: false, _ => throw new IOException("full", DiskFull))
        );

        failed.Message.ShouldBe(
            $"The file could not be written, because the disk of {path} is full; free some space and try again."
        );
        Directory.EnumerateFileSystemEntries(_folder.FullPath).ShouldBeEmpty();
    }

    [Fact]
    public void Removing_what_is_unfinished_says_nothing_where_there_is_no_folder() =>
        Should.NotThrow(() => PrivateFile.RemoveUnfinished(_folder.In("nowhere/bundle")));

    [Fact]
    public void Permissions_and_other_failures_name_file_and_reason()
    {
        Explain(new UnauthorizedAccessException("no"))
            .ShouldBe(
                (
                    StorageProblem.ReadOnly,
                    "It failed, because you have no permission for /there; change its permissions, or name another file."
                )
            );
        Explain(new IOException("It is broken."))
            .ShouldBe(
                (StorageProblem.Other, "It failed (/there: It is broken); check the path and try again.")
            );

        static (StorageProblem, string) Explain(Exception exception)
        {
            var said = FileProblem.ExplainNamed(exception, "It failed", "/there");
            return (said.Problem, said.Message);
        }
    }
}
