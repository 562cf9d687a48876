// A js peer and a host of ours use both cores already.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
