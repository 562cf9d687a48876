using SubnetVpn.Discovery;

namespace SubnetVpn.Registry.Http.Leases;

/// <summary>Answers that may still be used. Not thread-safe.</summary>
internal sealed class AnswerCache(TimeProvider time)
{
    // More than a network has members that one node talks to; a bound, not a measure.
    private const int MaxAnswers = 4096;

    private readonly Dictionary<VirtualIp, (PeerLookup Answer, long SaidAt, TimeSpan Lifetime)> _answers = [];

    /// <summary>The answer of an address, with the time that is left of it.</summary>
    public bool TryGet(VirtualIp address, out PeerLookup answer)
    {
        answer = default;
        if (!_answers.TryGetValue(address, out var known))
            return false;
        var left = known.Lifetime - time.GetElapsedTime(known.SaidAt);
        if (left <= TimeSpan.Zero)
        {
            _answers.Remove(address);
            return false;
        }
        answer = known.Answer.Mapping is { } mapping ? PeerLookup.Found(mapping with { TimeToLive = left }) : known.Answer;
        return true;
    }

    /// <summary>Keeps an answer in the place of an older one.</summary>
    public void Put(VirtualIp address, PeerLookup answer, TimeSpan lifetime)
    {
        if (_answers.Count >= MaxAnswers && !_answers.ContainsKey(address))
            MakeRoom();
        _answers[address] = (answer, time.GetTimestamp(), lifetime);
    }

    /// <summary>Forgets an answer.</summary>
    public void Remove(VirtualIp address) => _answers.Remove(address);

    // What is over goes; if that is nothing, everything: it is asked for again.
    private void MakeRoom()
    {
        foreach (var (address, (_, saidAt, lifetime)) in _answers)
            if (time.GetElapsedTime(saidAt) >= lifetime)
                _answers.Remove(address);
        if (_answers.Count >= MaxAnswers)
            _answers.Clear();
    }
}
