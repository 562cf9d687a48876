namespace SubnetVpn.Resilience;

/// <summary>What an operation under a policy returned: a value or an error, never an exception for an expected fault.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="IsSuccess">Whether it worked.</param>
/// <param name="Value">The value when it worked.</param>
/// <param name="Error">A sentence for the operator when it did not.</param>
/// <param name="IsPermanent">Whether trying again is of no use. It still counts as a failure.</param>
public readonly record struct OperationResult<T>(bool IsSuccess, T? Value, string? Error, bool IsPermanent = false)
{
    /// <summary>It worked.</summary>
    /// <param name="value">The value.</param>
    public static OperationResult<T> Success(T value) => new(true, value, null);

    /// <summary>It did not work.</summary>
    /// <param name="error">A sentence for the operator.</param>
    /// <param name="isPermanent">Whether trying again is of no use.</param>
    public static OperationResult<T> Failure(string error, bool isPermanent = false) => new(false, default, error, isPermanent);
}
