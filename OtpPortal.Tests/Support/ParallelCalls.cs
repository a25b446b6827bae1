namespace OtpPortal.Tests.Support;

/// <summary>Calls at the same moment: all of them stand ready before the first one begins.</summary>
internal static class ParallelCalls
{
    /// <summary>The results of a number of calls, each of which is told its own number.</summary>
    public static Task<T[]> RunAsync<T>(int count, Func<int, Task<T>> act) =>
        RunAsync<T>([.. Enumerable.Range(0, count).Select(i => new Func<Task<T>>(() => act(i)))]);

    /// <summary>The results of different calls, in their order.</summary>
    public static async Task<T[]> RunAsync<T>(params IReadOnlyList<Func<Task<T>>> acts)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tasks = acts.Select(act => Task.Run(async () =>
        {
            await start.Task;
            return await act();
        })).ToList();
        start.SetResult();
        return await Task.WhenAll(tasks);
    }
}
