namespace PeerChat.Node.Engine;

internal sealed partial class NodeEngine
{
    private bool _hasNetwork = true;

    /// <summary>Says when the last network goes and when the first comes. Having none keeps nothing from being written and queued.</summary>
    private void TellNetwork()
    {
        var hasNetwork = _ports.Count > 0;
        if (hasNetwork == _hasNetwork)
        {
            return;
        }

        _hasNetwork = hasNetwork;
        if (hasNetwork)
        {
            var names = string.Join(", ", _interfaces.Select(one => one.Name));
            Notice(null, NoticeCode.NetworkUp, $"The network is up: {names}.");
        }
        else
        {
            Notice(
                null,
                NoticeCode.NoNetwork,
                "No network is up that PeerChat may use, not even loopback, so nobody can be reached. What you write is kept and goes out "
                    + "by itself as soon as an interface has an address; nothing has to be started again."
            );
        }
    }
}
