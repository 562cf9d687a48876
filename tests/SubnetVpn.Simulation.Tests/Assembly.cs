// Each test waits for the whole thread pool to be at rest.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
