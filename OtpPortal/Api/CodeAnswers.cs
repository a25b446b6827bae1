using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Accounts;
using OtpPortal.Otp;

namespace OtpPortal.Api;

/// <summary>The responses that the routes for codes share.</summary>
internal static class CodeAnswers
{
    public static Accepted<CodeSentResponse> Sent(string message, SendOutcome.Sent sent) =>
        TypedResults.Accepted((string?)null, CodeSentResponse.Of(message, sent));

    public static Results<Accepted<CodeSentResponse>, ProblemResult> Requested(CodeRequestOutcome outcome, CodeUse use) => outcome switch
    {
        // The message must be true for an address without an account too.
        CodeRequestOutcome.CodeSent sent => Sent(
            use == CodeUse.VerifyMobile ? "A code is on its way to the phone." : "If there is an account for it, a code is on its way.",
            sent.Sent),
        CodeRequestOutcome.Refused refused => Problems.NotSent(refused.Refusal),
        CodeRequestOutcome.Unknown unknown => Problems.UnknownAccount(unknown.Error),
        CodeRequestOutcome.Invalid invalid => Problems.Fields([invalid.Error]),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };

    public static ProblemResult NotAccepted(CodeEntryOutcome outcome) => outcome switch
    {
        CodeEntryOutcome.Refused refused => Problems.Code(refused.Outcome),
        CodeEntryOutcome.HeldByAnother => Problems.NumberHeld(),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };
}
