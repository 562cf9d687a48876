using System.Runtime.Versioning;

// Namespaces, signals and permissions are Linux's; elsewhere every test is skipped.
[assembly: SupportedOSPlatform("linux")]

// Each test has the machine to itself: figures and timeouts mean nothing when two labs share two cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
