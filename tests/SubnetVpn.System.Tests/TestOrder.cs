// Each test has the machine to itself: figures and timeouts mean nothing when two labs share two cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
