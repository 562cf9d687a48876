namespace SubnetVpn.Core.Streams;

/// <summary>Who hears of a channel. Called on the channel's threads, or on that of who ends it.</summary>
internal interface IStreamChannelOwner
{
    /// <summary>It has ended. Called once.</summary>
    void Ended(StreamChannel channel);

    /// <summary>The peer has answered a ping.</summary>
    void Ponged(StreamChannel channel, long number);

    /// <summary>The peer says how many packets it had read of a stream that ended; null when it does not know that stream.</summary>
    void Accounted(StreamChannel channel, ulong stream, long? packets);
}
