namespace OtpPortal.Delivery;

/// <summary>
/// What happens to a message that goes nowhere: what happened to the last real one, in the same time. A stranger who watches the
/// delivery line of an address without an account sees what he would see with one, a mail server that is away included.
/// </summary>
public sealed class Mimicry(TimeProvider clock)
{
    private readonly Lock gate = new();

    // Until something real was sent, everything goes well and at once.
    private (TimeSpan Time, DeliveryResult Result) last = (TimeSpan.Zero, new DeliveryResult.HandedOver());

    /// <summary>Remembers what came of a real try.</summary>
    /// <remarks>Not a refusal: that is about one recipient, and nobody else's fate.</remarks>
    public void Learn(TimeSpan time, DeliveryResult result)
    {
        if (result is DeliveryResult.HandedOver or DeliveryResult.Failed)
        {
            lock (gate)
            {
                last = (time, result);
            }
        }
    }

    /// <summary>Takes the time of the last real try, and comes to its result.</summary>
    public async Task<DeliveryResult> PlayAsync(CancellationToken cancel)
    {
        TimeSpan time;
        DeliveryResult result;
        lock (gate)
        {
            (time, result) = last;
        }

        await Task.Delay(time, clock, cancel);
        return result;
    }
}
