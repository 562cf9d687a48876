using BenchmarkDotNet.Running;
using SubnetVpn.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(BenchmarkConfiguration).Assembly).Run(args, BenchmarkConfiguration.Create());
