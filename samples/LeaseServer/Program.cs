using LeaseServer;

try
{
    await using var app = LeaseApplication.Create(args, TimeProvider.System);
    await app.RunAsync();
    return 0;
}
catch (LeaseServerException exception)
{
    await Console.Error.WriteLineAsync($"lease server: {exception.Message}");
    return 2;
}
