namespace OtpPortal.Data;

/// <summary>Is called for the events of a unit of work once they are on disk.</summary>
public interface ICommitObserver
{
    void OnCommitted(ActivityEvent activityEvent);
}
