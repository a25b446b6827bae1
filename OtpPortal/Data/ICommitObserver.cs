namespace OtpPortal.Data;

/// <summary>Learns of the events of a unit of work once they are on disk.</summary>
public interface ICommitObserver
{
    /// <summary>Takes note of an event that was committed.</summary>
    void OnCommitted(ActivityEvent activityEvent);
}
