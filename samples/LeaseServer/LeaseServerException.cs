namespace LeaseServer;

/// <summary>The server cannot start; the message says what to mend.</summary>
internal sealed class LeaseServerException(string message, Exception? innerException = null) : Exception(message, innerException);
