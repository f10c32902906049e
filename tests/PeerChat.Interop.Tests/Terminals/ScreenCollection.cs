using Xunit;

namespace PeerChat.Interop.Tests.Terminals;

/// <summary>One screen at a time, beside nothing else: they are given time limits and two cores.</summary>
[CollectionDefinition(nameof(ScreenCollection), DisableParallelization = true)]
public sealed class ScreenCollection;
